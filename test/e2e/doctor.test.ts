import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/doctor/types.ts';
import { TestColony } from '../rig/colony.ts';
import { KindsHome } from '../rig/fake-kinds.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;
let home: KindsHome;

beforeEach(async () => {
  colony = await TestColony.make();
  home = KindsHome.of(colony);
});

afterEach(() => colony.end());

type Report = {
  readonly version: number;
  readonly colony: string | null;
  readonly well: boolean;
  readonly findings: Finding[];
};

async function examined(environment: NodeJS.ProcessEnv = {}): Promise<{ code: number; report: Report }> {
  const { code, stdout, stderr } = await colony.run(['doctor', '-o', 'json'], environment);
  if (stdout === '') throw new Error(stderr);
  return { code, report: JSON.parse(stdout) as Report };
}

const bad = ({ findings }: Report) => findings.filter(({ level }) => level === 'warning' || level === 'error');

/** A colony with an agent in a conversation and one in a folder of its own. */
async function healthy() {
  mkdirSync(join(colony.work, 'db'));
  colony.write({ api: home.claude({ prompt: 'Say hello' }), db: colony.fake({ workdir: join(colony.work, 'db') }) });
  const { code, stderr } = await colony.apply();
  expect(`${stderr}${code}`).toBe('0');
  const id = await waitFor('a conversation', async () => (await colony.agent('api'))?.conversation);
  await waitFor('its transcript', () => home.transcripts('claude').has(id));
  return id;
}

describe('a planted fault is found, with what mends it', () => {
  test('none: nothing is amiss', async () => {
    await healthy();
    const { code, report } = await examined();
    expect(bad(report)).toEqual([]);
    expect(code).toBe(0);
    expect(report).toMatchObject({ version: 1, colony: 'lab', well: true });
  });

  /** The fault, and the finding that names it. */
  const FAULTS: Readonly<Record<string, [string, RegExp, () => unknown, NodeJS.ProcessEnv?]>> = {
    'a supervisor that was killed': ['supervisor', /`colony apply`/, () => colony.killSupervisor()],
    'a file with a mistake': [
      'config',
      /colony validate -f .*colony\.yaml/,
      () => appendFileSync(colony.file, '\n]] what'),
    ],
    'a folder that was removed': [
      'workdir',
      /mkdir -p .*\/db`/,
      () => rmSync(join(colony.work, 'db'), { recursive: true }),
    ],
    'a program that is not installed': [
      'program',
      /install it/,
      () => {
        const file = JSON.parse(readFileSync(colony.file, 'utf8'));
        file.agents.more = { command: ['no-such-program'] };
        writeFileSync(colony.file, JSON.stringify(file));
      },
    ],
    'files that others can read': ['permissions', /chmod -R go= /, () => chmodSync(colony.paths.environment, 0o644)],
    'a torn journal': [
      'journal',
      /colony down --supervisor-only/,
      () => appendFileSync(colony.paths.journal, '{"se\n'),
    ],
    'a conversation whose file is gone': [
      'conversation',
      /restore the file/,
      async () => {
        // It would write its next line into a new file.
        await colony.run(['stop', 'api']);
        for (const path of home.transcripts('claude').values()) rmSync(path);
      },
    ],
    'what is left of an agent that was removed': [
      'stale_files',
      /rm .*screens\/gone/,
      () => {
        mkdirSync(colony.paths.screens, { recursive: true });
        writeFileSync(join(colony.paths.screens, 'gone.txt'), 'x', { mode: 0o600 });
      },
    ],
    'a shell with another PATH': [
      'environment',
      /--refresh-env/,
      () => undefined,
      { PATH: `${process.env.PATH}:/nowhere` },
    ],
    'a colony that nothing starts at boot': ['login', /colony (enable|supervise)/, () => undefined],
    'a service whose script is gone': [
      'launcher',
      /colony enable/,
      () =>
        writeFileSync(
          colony.paths.login,
          JSON.stringify({ manager: 'cron', lingering: null, turned_on: false, target: target() }),
          { mode: 0o600 },
        ),
    ],
  };

  test.each(Object.entries(FAULTS))('%s', async (_, [id, mend, plant, environment]) => {
    await healthy();
    await plant();
    const { report } = await examined(environment);
    const found = report.findings.filter((each) => each.id === id && each.level !== 'ok');
    expect(found.map(({ mend: said }) => said)).toEqual([expect.stringMatching(mend)]);
    const others = bad(report).filter((each) => each.id !== id && each.id !== 'login');
    // A missing folder is a mistake of the file as well.
    if (id === 'workdir') others.splice(0, 1);
    expect(others).toEqual([]);
  });

  test('a tmux that is not there, or too old', async () => {
    const folder = join(colony.dir, 'bin');
    mkdirSync(folder);
    const { report } = await examined({ PATH: folder });
    expect(bad(report)).toMatchObject([
      { id: 'tmux', level: 'error', mend: expect.stringContaining('apt install tmux') },
    ]);
    writeFileSync(join(folder, 'tmux'), '#!/bin/sh\necho tmux 2.9\n', { mode: 0o755 });
    const old = await examined({ PATH: `${folder}:/usr/bin:/bin` });
    expect(old.code).toBe(3);
    expect(bad(old.report)[0]?.text).toBe('tmux 2.9 is too old: 3.2a is the oldest that will do');
  });
});

function target() {
  const { dir, owner, log, launcher, login } = colony.paths;
  const node = process.execPath;
  return {
    ...{ colony: colony.name, config: colony.file, owner, log, launcher, record: login, node, variables: {} },
    program: [join(dir, 'moved.cjs')],
  };
}

test('without a colony.yaml the machine alone is looked at', async () => {
  const { stdout, code } = await colony.run(['doctor']);
  expect(code).toBe(0);
  expect(stdout).toContain('All is well with this machine (there is no colony.yaml here)');
  const reboot = await colony.run(['doctor', '--reboot']);
  expect(reboot.code).toBe(65);
});

test('no value of the environment is shown, neither of the shell nor of the agents', async () => {
  await healthy();
  const environment = { API_TOKEN: 'hunter2', HOME: '/tmp/hunter2' };
  const { stdout } = await colony.run(['doctor', '--all'], environment);
  expect(stdout).toContain('API_TOKEN');
  expect(stdout).not.toContain('hunter2');
});

test('--reboot says of each agent what becomes of it', async () => {
  const id = await healthy();
  await colony.run(['stop', 'db']);
  const nothing = await colony.run(['doctor', '--reboot']);
  expect(nothing.code).toBe(3);
  expect(nothing.stdout).toContain('nothing of lab comes back by itself: nothing starts the colony at boot');
  expect(nothing.stdout).toMatch(/api +stays down: nothing starts the colony at boot/);
  expect(nothing.stdout).toMatch(/db +stays down: a person has stopped it/);
  const { stdout } = await colony.run(['doctor', '--reboot', '-o', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    colony: 'lab',
    by: null,
    agents: [{ agent: 'api', lost: true }, {}],
  });
  expect(id).toMatch(/-/);
});
