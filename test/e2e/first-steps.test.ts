import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(async () => {
  await colony.end();
});

/** A folder for PATH with a shell and node in it, and of tmux what the test says. */
function folderOfPrograms(name: string): string {
  const folder = join(colony.dir, name);
  mkdirSync(folder);
  symlinkSync(process.execPath, join(folder, 'node'));
  symlinkSync('/bin/sh', join(folder, 'sh'));
  return folder;
}

/** What a person does in a shell, in the colony's folder. */
const shell = (line: string) =>
  new Promise<string>((resolve) => {
    const env = { ...colony.environment, NODE: process.execPath, COLONY: colony.program };
    execFile('sh', ['-c', line], { cwd: colony.work, env }, (error, stdout, stderr) =>
      resolve(`${stdout}${stderr}${error ? error.code : 0}`),
    );
  });

describe('without tmux', () => {
  test('the first apply leaves nothing that the next one, which finds it, would stumble over', async () => {
    colony.write({ api: colony.fake() });
    const bare = folderOfPrograms('bare');
    const refused = await colony.run(['apply'], { PATH: bare });
    expect(refused.code).toBe(69);
    expect(refused.stderr).toContain('there is no program `tmux`');
    expect(existsSync(colony.paths.owner)).toBe(false);
    expect(existsSync(colony.paths.environment)).toBe(false);
    expect(`${(await colony.apply()).stderr}`).toBe('');
  });

  test('in the captured PATH, doctor says so, and what it names mends it', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    await colony.run(['down', '--supervisor-only']);
    const folder = folderOfPrograms('elsewhere');
    const captured = JSON.stringify({ ...colony.environment, PATH: folder });
    writeFileSync(colony.paths.environment, captured);
    expect((await colony.apply()).code).toBe(69);
    const { stdout } = await colony.run(['doctor', '-o', 'json']);
    const found = JSON.parse(stdout).findings.find(({ id }: { id: string }) => id === 'tmux');
    expect(found).toMatchObject({ level: 'error', mend: '`colony apply --refresh-env`' });
    const mended = await colony.apply('--refresh-env');
    expect(`${mended.stderr}${mended.code}`).toBe('0');
  });
});

test('an apply may follow for longer than one timer can count', async () => {
  colony.write({ api: colony.fake() });
  const { code, stdout } = await colony.apply('--wait', '60d');
  expect(`${stdout}${code}`).toMatch(/lab: 1 of 1 ready\n0$/);
});

describe('before the first apply', () => {
  test('looking leaves no folder behind', async () => {
    colony.write({ api: colony.fake() });
    for (const command of [['plan'], ['status'], ['why', 'api'], ['doctor']]) await colony.run(command);
    expect(existsSync(colony.paths.dir)).toBe(false);
  });

  test('an agent of the file is one that does not run, and not one that nobody knows', async () => {
    colony.write({ api: colony.fake() });
    const { code, stderr } = await colony.run(['attach', 'api']);
    expect(`${code} ${stderr}`).toMatch(/^1 colony: "api" has no session to attach to/);
    expect((await colony.run(['logs', 'nobody'])).stderr).toContain('This colony has: api.');
  });

  test('a folder without a file is told how to get one', async () => {
    const { code, stderr } = await colony.run(['status']);
    expect(`${code} ${stderr}`).toMatch(/^65 .*\n`colony init` writes one here/);
  });
});

describe('a folder that', () => {
  test('was deleted under the shell is said to be gone, and its colony can be named by its path', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const there = 'mkdir gone; cd gone; rmdir ../gone';
    expect(await shell(`${there}; $NODE $COLONY status`)).toMatch(/not there any more\n.*-f and the whole path.*\n1$/);
    expect(await shell(`${there}; $NODE $COLONY init --yes`)).toMatch(/not there any more/);
    expect(await shell(`${there}; $NODE $COLONY status -f "${colony.file}"`)).toMatch(/lab: 1 of 1 ready/);
  });

  test('was moved is told from another one, and its agents are taken over', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    const moved = join(colony.dir, 'moved');
    renameSync(colony.work, moved);
    mkdirSync(colony.work);
    const file = join(moved, 'colony.yaml');
    const refused = await colony.run(['apply', '-f', file]);
    expect(refused.code).toBe(75);
    expect(refused.stderr).toContain(`\`colony down --supervisor-only -f ${colony.file}\``);
    await colony.run(['down', '--supervisor-only', '-f', colony.file]);
    expect((await colony.run(['apply', '-f', file])).code).toBe(0);
    const { stdout } = await colony.run(['status', '-o', 'json', '-f', file]);
    expect(JSON.parse(stdout).agents).toMatchObject([{ name: 'api', pid: before.api }]);
    await colony.run(['down', '--yes', '-f', file]);
  });

  test('has the name of another colony is told so by doctor, enable and disable', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const file = join(colony.dir, 'colony.yaml');
    writeFileSync(file, JSON.stringify({ version: 1, name: colony.name, agents: {} }));
    const doctor = await colony.run(['doctor', '-f', file]);
    expect(`${doctor.code} ${doctor.stdout}`).toMatch(/^3 error {4}A colony named "lab" is up already/);
    for (const command of ['enable', 'disable']) {
      const { code, stderr } = await colony.run([command, '-f', file]);
      expect(`${code} ${stderr}`).toContain(`75 colony: a colony named "lab" is up from ${colony.file}`);
    }
  });

  test('is gone with its file is told by the doctor of every other colony', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    rmSync(colony.file);
    mkdirSync(join(colony.dir, 'other'));
    const file = join(colony.dir, 'other', 'colony.yaml');
    writeFileSync(file, JSON.stringify({ version: 1, name: 'other', agents: {} }));
    const { stdout } = await colony.run(['doctor', '-f', file, '-o', 'json']);
    const lost = JSON.parse(stdout).findings.find(({ id }: { id: string }) => id === 'lost_colonies');
    expect(lost).toMatchObject({ level: 'warning', mend: expect.stringContaining(`colony down -f ${colony.file}`) });
  });
});

test.skipIf(process.getuid?.() !== 0)('of another user is said to be that, and doctor goes through', async () => {
  colony.write({ api: colony.fake() });
  await colony.apply();
  for (const folder of [colony.dir, colony.work]) chmodSync(folder, 0o755);
  const as = (words: string) =>
    shell(`setpriv --reuid=65534 --regid=65534 --clear-groups $NODE $COLONY ${words} 2>&1; echo $?`);
  expect(await as('status')).toMatch(/this user may not ask the supervisor of lab/);
  const said = await as('doctor');
  expect(said).toMatch(/Nothing can be written where the state of the colony is/);
  expect(said).not.toContain('bug');
});
