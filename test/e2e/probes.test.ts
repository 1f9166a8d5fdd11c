import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Entry } from '../../src/reconciler/types.ts';
import { TestColony } from '../rig/colony.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});
afterEach(() => colony.end());

type HealthEntry = Extract<Entry, { type: 'health' }>;

const health = (agent: string) =>
  colony.journal().filter((entry): entry is HealthEntry => entry.type === 'health' && entry.agent === agent);
const said = (agent: string) => health(agent).map(({ role, is, probe }) => `${role} ${is} ${probe}`);
const until = (agent: string, ...expected: string[]) =>
  waitFor(`${agent} to be ${expected.join(', ')}`, () => JSON.stringify(said(agent)) === JSON.stringify(expected));

const often = { period: '100ms', timeout: '20s', failure_threshold: 2 } as const;
/** As long as it takes a program to come up on a loaded machine. */
const patient = { period: '100ms', failure_threshold: 10_000 } as const;

const at = (file: string) => join(colony.work, file);

/** Probes that leave a line for each check. */
const counted = { readiness: { exec: 'echo >> counted', ...often } };

/** Wait until another agent, whose probes are `counted`, was checked several times from now on. */
async function severalPeriods(): Promise<void> {
  const count = () => (existsSync(at('counted')) ? readFileSync(at('counted'), 'utf8').length : 0);
  const before = count();
  await waitFor('several periods to pass', () => count() > before + 4);
}

test('startup, then readiness and liveness, are published as they change, and by the next supervisor too', async () => {
  const probes = {
    startup: { screen: 'fake agent ready', ...patient },
    readiness: { exec: 'test -e ready', ...often },
    liveness: { exec: 'test ! -e broken || { echo it broke; false; }', on_failure: 'notify', ...often },
  };
  colony.write({ web: colony.fake({ probes }), plain: colony.fake() });
  await colony.apply('--no-wait');
  await until('web', 'startup healthy screen', 'readiness unhealthy exec');
  writeFileSync(at('ready'), '');
  await until('web', 'startup healthy screen', 'readiness unhealthy exec', 'readiness healthy exec');
  await colony.killSupervisor();
  writeFileSync(at('broken'), '');
  await colony.apply('--no-wait');
  await waitFor('liveness to fail', () => health('web').length === 4);
  expect(health('web')[3]).toMatchObject({
    role: 'liveness',
    is: 'unhealthy',
    text: 'the command ended with exit code 1: it broke',
    on_failure: 'notify',
  });
  rmSync(at('broken'));
  await waitFor('liveness to be well', () => health('web').length === 5);
  expect(health('plain')).toEqual([]);
});

test('a new life begins anew, and nothing is checked of one that is stopped', async () => {
  const probes = { readiness: { exec: 'echo "$COLONY_GENERATION ${COLONY_RUN_ID-none}" >> checks', ...often } };
  colony.write({ web: colony.fake({ probes }), other: colony.fake({ probes: counted }) });
  await colony.apply('--no-wait');
  const checks = () => (existsSync(at('checks')) ? readFileSync(at('checks'), 'utf8').trim().split('\n') : []);
  await until('web', 'readiness healthy exec');
  (await colony.agents.alive('web')).tell({ do: 'exit', code: 1 });
  await until('web', 'readiness healthy exec', 'readiness healthy exec');
  const [first, second] = health('web');
  expect(second?.run).not.toBe(first?.run);
  expect(new Set(checks())).toEqual(new Set(['1 none', '2 none']));
  await colony.run(['stop', 'web']);
  const before = checks().length;
  await severalPeriods();
  expect(checks().length).toBe(before);
});

test('log probes hear what is printed, and their files go with the life', async () => {
  const probes = {
    startup: { log: 'fake agent ready', ...patient },
    liveness: { log: { not_match: '^panic' }, on_failure: 'notify', ...often, failure_threshold: 1 },
  };
  colony.write({ web: colony.fake({ probes }) });
  await colony.apply('--no-wait');
  await until('web', 'startup healthy log');
  const life = await colony.agents.alive('web');
  life.tell({ do: 'say', text: 'panic: no more space' });
  await until('web', 'startup healthy log', 'liveness unhealthy log', 'liveness healthy log');
  expect(health('web')[1]?.text).toBe('the output said “panic: no more space”');
  const files = () => readdirSync(join(colony.paths.dir, 'output'));
  expect(files()).toEqual([`${life.run}.out`]);
  await colony.run(['stop', 'web']);
  await waitFor('the file to be gone', () => files().length === 0);
});

test('colony notify ready passes startup, and heartbeats are heard', async () => {
  const colonyProgram = `${process.execPath} ${colony.program}`;
  const line = `while [ ! -e go ]; do sleep 0.05; done; ${colonyProgram} notify ready; exec sleep 1000`;
  const probes = {
    startup: { exec: 'false', ...patient },
    readiness: { heartbeat: '1h', ...often },
  };
  colony.write({ web: { command: line, probes } });
  await colony.apply('--no-wait');
  await waitFor('a session', async () => (await colony.agent('web'))?.pid);
  expect(said('web')).toEqual([]);
  writeFileSync(at('go'), '');
  await until('web', 'startup healthy notify', 'readiness healthy heartbeat');
});

test('a program that fails its liveness probe is started anew, and what it was asked before is forgotten', async () => {
  const probes = { liveness: { exec: 'test ! -e broken', ...often } };
  const restart = { policy: 'always', backoff: { initial: '0s' } };
  colony.write({ web: colony.fake({ probes, restart }), other: colony.fake({ probes: counted }) });
  await colony.apply('--no-wait');
  const first = await colony.agents.alive('web');
  writeFileSync(at('broken'), '');
  await waitFor('the failure', () => said('web').length > 0);
  rmSync(at('broken'));
  const second = await colony.agents.alive('web', 2);
  expect(health('web')[0]).toMatchObject({ run: first.run, is: 'unhealthy' });
  await severalPeriods();
  expect(said('web')).toEqual(['liveness unhealthy exec']);
  expect(second.ended).toBe(false);
});

test('a nudge is given once, and if it does not help the program is started anew', async () => {
  const probes = { liveness: { exec: 'test ! -e broken', on_failure: 'nudge', nudge: ['x'], ...often } };
  colony.write({ web: colony.fake({ probes, restart: { policy: 'always', backoff: { initial: '0s' } } }) });
  await colony.apply('--no-wait');
  await colony.agents.alive('web');
  writeFileSync(at('broken'), '');
  await colony.agents.alive('web', 2);
  rmSync(at('broken'));
  // The next life may be nudged as well before its file is gone.
  const run = health('web')[0]?.run;
  const nudges = colony.journal().filter((entry) => entry.type === 'nudged' && entry.run === run);
  expect(nudges).toHaveLength(1);
  expect(said('web').slice(0, 2)).toEqual(['liveness unhealthy exec', 'liveness unhealthy exec']);
});
