import type { ChildProcess } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AgentYaml, TestColony } from '../rig/colony.ts';
import { buildRelease } from '../rig/release.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;
const started: ChildProcess[] = [];

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(async () => {
  await colony.end();
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

const sleeper = (more: AgentYaml = {}): AgentYaml => ({ command: ['sleep', '1000'], ...more });

/** Start a supervisor as the launcher does. */
function login(): ChildProcess {
  const child = colony.start(['supervise', '--login', 'cron', '-f', colony.file]);
  started.push(child);
  return child;
}

const supervisor = async () => (await colony.status()).supervisor;

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => {
    if (child.exitCode === null) child.once('exit', (code) => resolve(code));
    else resolve(child.exitCode);
  });

test('the supervisor of a service manager takes the place of one in the background, and no agent notices', async () => {
  colony.write({ a: sleeper(), b: sleeper() });
  await colony.apply();
  const pids = await colony.pids();
  const child = login();
  await waitFor('the other supervisor', async () => (await supervisor())?.pid === child.pid);
  expect(await colony.pids()).toEqual(pids);
  child.kill('SIGTERM');
  expect(await ended(child)).toBe(0);
  expect(await supervisor()).toBeNull();
  expect(await colony.pids()).toEqual(pids);
});

test('a down ends it with 0, so that nobody starts it again', async () => {
  colony.write({ a: sleeper() });
  await colony.apply();
  const child = login();
  await waitFor('the other supervisor', async () => (await supervisor())?.pid === child.pid);
  await colony.run(['down', '--yes']);
  expect(await ended(child)).toBe(0);
});

test.each([
  ['is not valid', () => writeFileSync(colony.file, 'agents: [')],
  ['was moved', () => renameSync(colony.file, `${colony.file}.moved`)],
])('with a file that %s it goes on with what was in force, and says so', async (_, spoil) => {
  colony.write({ a: sleeper() });
  await colony.apply();
  const pids = await colony.pids();
  await colony.killSupervisor();
  spoil();
  const child = login();
  const status = await waitFor('the supervisor', async () => {
    const { stdout } = await colony.run(['status', '-f', colony.file, '-o', 'json']);
    const report = JSON.parse(stdout || '{}');
    return report.supervisor?.pid === child.pid && report;
  });
  expect(status.config.valid).toBe(false);
  expect(status.agents).toMatchObject([{ name: 'a', pid: pids.a }]);
  colony.write({ a: sleeper() });
  rmSync(`${colony.file}.moved`, { force: true });
});

test('what was written into the file and not applied is not put in force by it', async () => {
  colony.write({ a: sleeper() });
  await colony.apply();
  colony.write({ a: sleeper(), b: sleeper() });
  await colony.killSupervisor();
  const child = login();
  await waitFor('the supervisor', async () => (await supervisor())?.pid === child.pid);
  expect(Object.keys(await colony.pids())).toEqual(['a']);
});

test('a newer supervisor stays', async () => {
  colony.write({ a: sleeper() });
  const older = colony.program;
  colony.program = await buildRelease(`${colony.dir}/newer`, '9.9.9');
  await colony.apply();
  const newer = await supervisor();
  colony.program = older;
  const child = login();
  expect(await ended(child)).toBe(75);
  expect((await supervisor())?.pid).toBe(newer?.pid);
  colony.program = `${colony.dir}/newer/colony.cjs`;
});

test.each([
  ['was never applied', []],
  ['is down', [['apply'], ['down', '--yes']]],
])('a colony that %s is not enabled', async (_, before) => {
  colony.write({ a: sleeper() });
  for (const args of before) await colony.run(args);
  const { code, stderr } = await colony.run(['enable', '--dry-run']);
  expect(code).toBe(1);
  expect(stderr).toContain('run `colony apply` first');
});

test('status tells who starts it, as the record has it', async () => {
  colony.write({ a: sleeper() });
  await colony.apply();
  expect(await colony.status()).toMatchObject({ login: null });
  writeFileSync(colony.paths.login, JSON.stringify({ manager: 'cron', turned_on: false, target: {} }));
  expect(await colony.status()).toMatchObject({ login: { manager: 'cron', lingering: null, in_charge: false } });
  const child = login();
  await waitFor('the supervisor', async () => (await colony.status()).login?.in_charge);
  expect((await colony.run(['status'])).stdout).toContain('cron starts it at boot\n');
  rmSync(colony.paths.login);
  child.kill('SIGTERM');
  await ended(child);
});
