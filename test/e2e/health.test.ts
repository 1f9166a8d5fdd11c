import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Entry } from '../../src/reconciler/types.ts';
import { TestColony } from '../rig/colony.ts';
import { personsTerminal } from '../rig/terminal.ts';
import { isAlive, waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(async () => {
  await colony.end();
});

const FAST = { backoff: { initial: '10ms', max: '10ms' } };
const SOON = { period: '100ms', timeout: '20s', failure_threshold: 2 };

const of = <T extends Entry['type']>(type: T) =>
  colony.journal().filter((entry): entry is Extract<Entry, { type: T }> => entry.type === type);
const flag = (name: string) => join(colony.work, name);
const raise = (name: string) => writeFileSync(flag(name), '');
const lower = (name: string) => rmSync(flag(name), { force: true });
const phase = (name: string, wanted: string) =>
  waitFor(`${name} to be ${wanted}`, async () => {
    const agent = await colony.agent(name);
    return agent?.phase === wanted ? agent : undefined;
  });
/** Healthy while a file is there. */
const there = (file: string) => ({ exec: ['test', '-e', file], ...SOON });

describe('readiness', () => {
  test('is what others wait for, and what apply and wait go by', async () => {
    colony.write({
      db: colony.fake({ probes: { readiness: there('up') } }),
      api: colony.fake({ depends_on: ['db'] }),
    });
    const applied = colony.apply('--wait', '50s');
    const waited = colony.run(['wait', '--for=ready', '--timeout', '50s']);
    await colony.agents.alive('db');
    expect((await phase('db', 'starting')).reason).toMatchObject({ code: 'starting_up' });
    expect((await colony.agent('api'))?.reason?.text).toBe('waits for db');
    raise('up');
    expect(await applied).toMatchObject({ code: 0 });
    await colony.agents.alive('api');
    await waited;
    expect((await colony.agent('db'))?.health.readiness).toMatchObject({ is: 'healthy', probe: 'exec' });

    const { db } = await colony.pids();
    lower('up');
    expect((await phase('db', 'degraded')).reason?.text).toBe(
      'not ready: the exec probe says that the command ended with exit code 1',
    );
    expect((await colony.status()).summary).toEqual({ ready: 1, total: 2 });
    expect((await colony.run(['status'])).code).toBe(3);
    raise('up');
    await phase('db', 'ready');
    expect((await colony.pids()).db).toBe(db);
  });

  test('is not asked again of who was ready when a new supervisor comes', async () => {
    raise('up');
    colony.write({ db: colony.fake({ probes: { startup: there('up'), readiness: there('up') } }) });
    await colony.apply();
    const before = of('health').length;
    await colony.killSupervisor();
    await colony.apply();
    expect((await colony.agent('db'))?.phase).toBe('ready');
    expect(of('health').length).toBe(before);
  });
});

describe('liveness', () => {
  test('restarts once for each real failure, and counts it', async () => {
    raise('well');
    colony.write({ api: colony.fake({ probes: { liveness: there('well') }, restart: FAST }) });
    await colony.apply();
    const first = await colony.agents.alive('api');
    lower('well');
    await waitFor('its end to be begun', () => of('stopping').length > 0);
    raise('well');
    const second = await colony.agents.alive('api', 2);
    await phase('api', 'ready');
    expect(await isAlive(first.pid)).toBe(false);
    const status = await colony.agent('api');
    expect(status).toMatchObject({ pid: second.pid, restarts: { window: 1, total: 1 } });
    expect(status?.reason?.text).toBe('the exec probe says that the command ended with exit code 1');
    expect(of('exited').map(({ reason }) => reason.code)).toHaveLength(1);
    expect(of('stopping').map(({ reason }) => reason.code)).toEqual(['liveness_failed']);
  });

  test('flapping is found by `within`, and not by a threshold', async () => {
    const flapping = { exec: 'if [ -e odd ]; then rm odd; else touch odd; exit 1; fi', period: '100ms', timeout: '5s' };
    colony.write({
      patient: colony.fake({ probes: { liveness: { ...flapping, failure_threshold: 2 } }, workdir: colony.dir }),
      strict: colony.fake({ probes: { liveness: { ...flapping, failures: { count: 3, within: 6 } } }, restart: FAST }),
    });
    await colony.apply();
    await waitFor('a restart', () => of('stopping').some(({ agent }) => agent === 'strict'));
    expect(of('stopping').some(({ agent }) => agent === 'patient')).toBe(false);
  });

  test('a crash loop ends restarts that do not help', async () => {
    colony.write({
      api: colony.fake({
        probes: { liveness: there('never') },
        restart: { ...FAST, crash_loop: { restarts: 2, window: '10m' } },
      }),
    });
    await colony.apply('--no-wait');
    const held = await phase('api', 'held');
    expect(held.reason?.code).toBe('crash_loop');
    expect(of('stopping')).toHaveLength(3);
  });

  test('a nudge comes first, and a restart if it did not help', async () => {
    raise('well');
    const liveness = { ...there('well'), on_failure: 'nudge', nudge: ['w', 'a', 'k', 'e', 'Enter'] };
    colony.write({
      api: { command: 'read line; echo "$line" >> woken; exec sleep 1000', probes: { liveness }, restart: FAST },
    });
    await colony.apply();
    lower('well');
    await waitFor('the keys', () => existsSync(flag('woken')) && readFileSync(flag('woken'), 'utf8') === 'wake\n');
    await waitFor('a restart', () => of('stopping').length > 0);
    expect(of('nudged')).toHaveLength(1);
    expect(
      of('health')
        .map(({ is }) => is)
        .slice(-2),
    ).toEqual(['unhealthy', 'unhealthy']);
  });

  test('with `notify` nothing is done, and a person is told once', async () => {
    raise('well');
    colony.write({ api: colony.fake({ probes: { liveness: { ...there('well'), on_failure: 'notify' } } }) });
    await colony.apply();
    const { api } = await colony.pids();
    lower('well');
    expect((await phase('api', 'degraded')).alerts).toMatchObject([{ policy: 'liveness', level: 'notify' }]);
    raise('well');
    await waitFor('the end of the alert', async () => (await colony.agent('api'))?.alerts.length === 0);
    expect(of('alert')).toHaveLength(1);
    expect(await colony.pids()).toEqual({ api });
  });
});

describe('startup', () => {
  test('one that never comes up is started anew, and says why', async () => {
    colony.write({
      api: colony.fake({
        probes: { startup: { tcp: 1, ...SOON } },
        restart: { ...FAST, crash_loop: { restarts: 1, window: '10m' } },
      }),
    });
    await colony.apply('--no-wait');
    await phase('api', 'held');
    expect(of('stopping').map(({ reason }) => reason.code)).toEqual(['startup_timeout', 'startup_timeout']);
    expect((await colony.agent('api'))?.last_exit).not.toBeNull();
  });

  test('counts against `max_starting` until it has passed', async () => {
    const probes = { startup: { ...there('up'), failure_threshold: 1000 } };
    colony.write({ a: colony.fake({ probes }), b: colony.fake({ probes }) }, { concurrency: { max_starting: 1 } });
    const applied = colony.apply('--wait', '50s');
    await colony.agents.alive('a');
    await phase('a', 'starting');
    expect((await colony.agent('b'))?.pid).toBeNull();
    raise('up');
    expect(await applied).toMatchObject({ code: 0 });
    expect(Object.keys(await colony.pids())).toEqual(['a', 'b']);
  });
});

describe('a better moment', () => {
  test('`update: when_idle` waits for one that is busy; status and plan say so', async () => {
    colony.write({ api: colony.fake({ update: 'when_idle' }) });
    await colony.apply();
    const api = await colony.agents.alive('api');
    api.tell({ do: 'notify', notice: 'busy' });
    await waitFor('busy', async () => (await colony.agent('api'))?.activity.state === 'busy');
    colony.write({ api: colony.fake({ update: 'when_idle', metadata: { round: 2 } }) });
    expect(await colony.apply()).toMatchObject({ code: 0 });
    const waiting = await waitFor('it to be put off', async () => (await colony.agent('api'))?.waits);
    expect(waiting).toMatchObject({ to: 'restart', for: 'idle', reason: 'config_changed', until: null });
    expect((await colony.run(['plan'])).stdout).toContain('as soon as it is idle');
    expect(await isAlive(api.pid)).toBe(true);
    api.tell({ do: 'notify', notice: 'idle' });
    await colony.agents.alive('api', 2);
    expect(of('deferred')).toHaveLength(1);
  });

  test('`update: manual` waits for `colony restart`', async () => {
    colony.write({ api: colony.fake({ update: 'manual' }) });
    await colony.apply();
    const { pid } = await colony.agents.alive('api');
    colony.write({ api: colony.fake({ update: 'manual', metadata: { round: 2 } }) });
    expect(await colony.apply()).toMatchObject({ code: 0 });
    expect((await colony.agent('api'))?.waits).toMatchObject({ for: 'command' });
    expect((await colony.run(['status'])).stdout).toContain('restart waits for `colony restart`: changed in the file');
    expect((await colony.pids()).api).toBe(pid);
    await colony.run(['restart', 'api']);
    expect((await colony.agent('api'))?.waits).toBeNull();
  });

  test('a person who types in its terminal comes first; `restart` overrides', async () => {
    raise('well');
    colony.write({ api: { command: 'cat', probes: { liveness: there('well') }, restart: FAST } });
    await colony.apply();
    const { api } = await colony.pids();
    const terminal = await personsTerminal(colony, ['attach', 'api']);
    await terminal.press('hello', 'Enter');
    // Once by the terminal and once by the program: not before that has the key come to the agent.
    await terminal.shows(/hello\s+hello/);
    lower('well');
    const waits = await waitFor('it to be put off', async () => (await colony.agent('api'))?.waits);
    expect(waits).toMatchObject({ to: 'restart', for: 'person', reason: 'liveness_failed' });
    expect((await colony.pids()).api).toBe(api);
    raise('well');
    await colony.run(['restart', 'api']);
    expect((await colony.pids()).api).not.toBe(api);
    await terminal.close();
  });
});

describe('resources', () => {
  test('memory that grows in a grandchild is found, and the whole tree goes', async () => {
    colony.write({
      leaky: colony.fake({ memory: { limit: '300MiB', for: '1s' }, restart: FAST }),
      flat: colony.fake({ memory: { limit: '300MiB', for: '1s' } }),
    });
    await colony.apply();
    const leaky = await colony.agents.alive('leaky');
    const { pid: grandchild } = await leaky.ask({ do: 'leak', mebibytes: 100, below: true }, 'leaking');
    await colony.agents.alive('leaky', 2);
    expect(await isAlive(Number(grandchild))).toBe(false);
    expect(of('stopping').map(({ agent, reason }) => `${agent}: ${reason.code}`)).toEqual(['leaky: memory_limit']);
    expect((await colony.agent('leaky'))?.restarts).toEqual({ window: 1, total: 1 });
    expect((await colony.agent('leaky'))?.reason?.text).toMatch(
      /^its processes use .* of memory, above 300 MiB for 1s$/,
    );
  });

  test('`action: stop` holds it until a person starts it', async () => {
    colony.write({ leaky: colony.fake({ memory: { limit: '1MiB', for: '0s', action: 'stop' } }) });
    await colony.apply('--no-wait');
    expect((await phase('leaky', 'stopped')).reason?.code).toBe('memory_limit');
    await colony.killSupervisor();
    await colony.apply();
    expect((await colony.agent('leaky'))?.phase).toBe('stopped');
  });

  test('a program that spins in silence is told of, and that it is over', async () => {
    colony.write({ api: colony.fake({ cpu: { above: '10%', for: '5s', while: 'always' } }) });
    await colony.apply();
    const api = await colony.agents.alive('api');
    const { pid } = await api.ask({ do: 'spin' }, 'spinning');
    await waitFor('a warning', async () => (await colony.agent('api'))?.alerts[0]?.policy === 'cpu');
    process.kill(Number(pid), 'SIGKILL');
    await waitFor('its end', async () => (await colony.agent('api'))?.alerts.length === 0);
  });
});
