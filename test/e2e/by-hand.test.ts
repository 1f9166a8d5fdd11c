import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import { isAlive, waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(async () => {
  await colony.end();
});

const phaseOf = async (agent: string) => (await colony.agent(agent))?.phase;

describe('stop', () => {
  test('sticks: over an apply, and over the death of the supervisor; start undoes it', async () => {
    colony.write({ api: colony.fake(), db: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    expect((await colony.run(['stop', 'api'])).code).toBe(0);
    expect(await isAlive(before.api ?? 0)).toBe(false);
    expect(await phaseOf('api')).toBe('stopped');

    expect((await colony.apply()).stdout).toContain('Nothing to do');
    await colony.killSupervisor();
    expect((await colony.apply()).code).toBe(0);
    expect(await phaseOf('api')).toBe('stopped');

    expect((await colony.run(['start', 'api'])).code).toBe(0);
    const after = await colony.pids();
    expect(after.db).toBe(before.db);
    expect(after.api).toBeGreaterThan(0);
    expect(await colony.agent('api')).toMatchObject({ phase: 'ready', restarts: { total: 0 } });
  });

  test('by label and glob, and nobody by an unknown name', async () => {
    colony.write({
      'work-1': colony.fake({ labels: { team: 'a' } }),
      'work-2': colony.fake({ labels: { team: 'b' } }),
      db: colony.fake({ labels: { team: 'a' } }),
    });
    await colony.apply();
    expect((await colony.run(['stop', 'work-*', '-l', 'team=a'])).code).toBe(0);
    expect(Object.keys(await colony.pids()).sort()).toEqual(['db', 'work-2']);
    expect((await colony.run(['stop', 'nobody'])).code).toBe(4);
    expect((await colony.run(['stop'])).code).toBe(64);
  });
});

describe('start of what no start can start', () => {
  const idle = { command: 'sleep 1000' };

  test('of an agent that the file has switched off: exit code 3, and what starts it', async () => {
    colony.write({ api: idle, off: { ...idle, enabled: false } });
    await colony.apply();
    await colony.run(['stop', 'api']);
    const started = await colony.run(['start', 'off', 'api']);
    expect(started).toMatchObject({ code: 3, stderr: 'off: `enabled: true` in colony.yaml starts it\n' });
    expect(started.stdout).toMatch(/^off +disabled +- +disabled in the file$/m);
    expect(started.stdout).not.toContain('off: released');
    expect(await phaseOf('api')).toBe('ready');

    expect((await colony.run(['restart', 'off', '--no-wait'])).code).toBe(3);
    // A pattern means those that are enabled.
    expect((await colony.run(['start', '*'])).code).toBe(0);
    expect((await colony.run(['start', 'of*'])).code).toBe(3);
    const attached = await colony.run(['logs', 'off']);
    expect(attached).toMatchObject({ code: 1, stderr: expect.stringContaining('disabled in the file') });
  });

  test('of one that waits for another, and of one that only fails', async () => {
    colony.write({
      api: { ...idle, depends_on: ['db'] },
      db: idle,
      job: { command: 'exit 5', restart: 'never' },
    });
    await colony.apply();
    await colony.run(['stop', 'db', 'api']);
    const waiting = await colony.run(['start', 'api']);
    expect(waiting).toMatchObject({ code: 3, stderr: 'api: `colony start db` starts both\n' });
    const failed = await colony.run(['start', 'job']);
    expect(failed.code).toBe(3);
    expect(failed.stdout).toMatch(/^job +stopped +- +the program ended: exit code 5$/m);
  });
});

test('restart gives a new process in the same pane, and counts as no failure', async () => {
  colony.write({ api: colony.fake(), db: colony.fake() });
  await colony.apply();
  const before = await colony.pids();
  const pane = await colony.tmux('list-panes', '-t', '=api', '-F', '#{pane_id}');
  expect((await colony.run(['restart', 'api'])).code).toBe(0);
  const after = await colony.pids();
  expect(after.api).not.toBe(before.api);
  expect(after.db).toBe(before.db);
  expect((await colony.tmux('list-panes', '-t', '=api', '-F', '#{pane_id}')).stdout).toBe(pane.stdout);
  expect(await colony.agent('api')).toMatchObject({ generation: 2, restarts: { window: 0, total: 0 } });
});

describe('a flapping agent', () => {
  test('is held at the limit, says why, and start frees it', async () => {
    const restart = { backoff: { initial: '10ms', max: '20ms' }, crash_loop: { restarts: 2, window: '1h' } };
    colony.write({ api: { command: 'exit 3', restart } });
    await colony.apply();
    const held = await waitFor('api to be held', async () => {
      const agent = await colony.agent('api');
      return agent?.phase === 'held' ? agent : undefined;
    });
    expect(held.reason).toMatchObject({ code: 'crash_loop' });
    expect(held).toMatchObject({ generation: 3, last_exit: { code: 3 } });
    expect((await colony.run(['status'])).code).toBe(3);
    await colony.run(['start', 'api']);
    await waitFor('api to be held again', async () => (await colony.agent('api'))?.generation === 6);
  });

  test('keeps its deadline when the supervisor is killed in the middle of it', async () => {
    const restart = { backoff: { initial: '1h', max: '1h' } };
    colony.write({ api: colony.fake({ restart }), db: colony.fake() });
    await colony.apply();
    (await colony.agents.alive('api')).tell({ do: 'exit', code: 3 });
    const deadline = () =>
      waitFor('a deadline', async () => {
        const agent = await colony.agent('api');
        return agent?.phase === 'backoff' ? agent.next_action_at : undefined;
      });
    const before = await deadline();
    await colony.killSupervisor();
    await colony.apply();
    expect(await deadline()).toBe(before);
  });

  test('that ends with 127 is held at once', async () => {
    colony.write({ api: { command: 'no-such-program-here' } });
    expect((await colony.apply()).code).toBe(3);
    await waitFor('api to be held', async () => (await phaseOf('api')) === 'held');
    expect(await colony.agent('api')).toMatchObject({ generation: 1, reason: { code: 'command_not_found' } });
  });

  test('that is done is completed, and stays so', async () => {
    colony.write({
      job: { command: 'exit 0', restart: 'on-failure' },
      api: colony.fake({ depends_on: { job: { condition: 'completed' } } }),
    });
    const applied = await colony.apply();
    expect(applied.code).toBe(0);
    expect(await colony.agent('job')).toMatchObject({ phase: 'completed', generation: 1 });
    expect(await phaseOf('api')).toBe('ready');
    expect((await colony.apply()).stdout).toContain('Nothing to do');
  });
});

test('work that is done in a moment is done once, however many are at it', async () => {
  const names = Array.from({ length: 60 }, (_, i) => `job-${i}`);
  colony.write(Object.fromEntries(names.map((name) => [name, { command: 'exit 0', restart: 'on-failure' }])));
  expect((await colony.apply()).code).toBe(0);
  const { agents } = await colony.status();
  expect(agents.filter(({ phase, generation }) => phase !== 'completed' || generation !== 1)).toEqual([]);
});

describe('--now', () => {
  const deaf = { stop: { sequence: [{ signal: 'TERM' }, { wait: '10m' }], grace: '10m' } };
  const restart = { backoff: { initial: '1h', max: '1h' } };

  /** `api`, which ignores SIGTERM and would be given twenty minutes, with a child of the same mind. */
  async function stubborn() {
    colony.write({ api: colony.fake({ ...deaf, restart }), db: colony.fake() });
    await colony.apply();
    const api = await colony.agents.alive('api');
    await api.ask({ do: 'ignore', signals: ['SIGTERM', 'SIGHUP'] }, 'ignoring');
    const child = Number((await api.ask({ do: 'fork', away: true, deaf: true }, 'forked')).pid);
    return { api, child, db: (await colony.pids()).db };
  }

  const alive = (...pids: number[]) => Promise.all(pids.map(isAlive));
  const ignored = (api: { reports: readonly { event: string }[] }) => api.reports.map(({ event }) => event);

  test('a stop kills the whole tree without asking it', async () => {
    const { api, child, db } = await stubborn();
    expect((await colony.run(['stop', 'api', '--now'])).code).toBe(0);
    expect(await alive(api.pid, child)).toEqual([false, false]);
    expect(ignored(api)).not.toContain('ignored');
    expect(await colony.agent('api')).toMatchObject({ phase: 'stopped', last_exit: { signal: 9 } });
    expect((await colony.pids()).db).toBe(db);
    expect((await colony.run(['start', 'api'])).code).toBe(0);
  });

  test('a restart as well, and it counts as no failure', async () => {
    const { api, child } = await stubborn();
    expect((await colony.run(['restart', 'api', '--now'])).code).toBe(0);
    expect(await alive(api.pid, child)).toEqual([false, false]);
    expect(ignored(api)).not.toContain('ignored');
    expect(await colony.agent('api')).toMatchObject({ phase: 'ready', generation: 2, restarts: { total: 0 } });
  });

  test.each([
    ['stop', 'stop', 'stopped'],
    ['restart', 'restart', 'ready'],
    ['restart', 'stop', 'stopped'],
    ['stop', 'restart', 'ready'],
  ])('cuts a %s that is under way short: %s --now', async (first, second, phase) => {
    const { api, child } = await stubborn();
    expect((await colony.run([first, 'api', '--no-wait'])).code).toBe(0);
    await waitFor('the program to be asked', () => ignored(api).includes('ignored'));
    expect((await colony.agent('api'))?.phase).toBe('stopping');
    expect((await colony.run([second, 'api', '--now'])).code).toBe(0);
    expect(await alive(api.pid, child)).toEqual([false, false]);
    expect(await phaseOf('api')).toBe(phase);
  });

  test('cuts a stop of the file short', async () => {
    const { api } = await stubborn();
    colony.write({ api: colony.fake({ ...deaf, restart }, '--changed'), db: colony.fake() });
    await colony.apply('--no-wait');
    await waitFor('the program to be asked', () => ignored(api).includes('ignored'));
    expect((await colony.run(['restart', 'api', '--now'])).code).toBe(0);
    expect(await colony.agent('api')).toMatchObject({ phase: 'ready', generation: 2, drift: [] });
  });

  test('is not forgotten when the supervisor is killed in between', async () => {
    const { api } = await stubborn();
    await colony.run(['stop', 'api', '--no-wait']);
    await waitFor('the program to be asked', () => ignored(api).includes('ignored'));
    await colony.killSupervisor();
    await colony.apply('--no-wait');
    expect(await isAlive(api.pid)).toBe(true);
    expect((await colony.run(['stop', 'api', '--now'])).code).toBe(0);
    expect(await isAlive(api.pid)).toBe(false);
  });

  test('starts what is in back-off at once', async () => {
    const { api } = await stubborn();
    api.tell({ do: 'exit', code: 3 });
    await waitFor('back-off', async () => (await phaseOf('api')) === 'backoff');
    expect((await colony.run(['restart', 'api', '--now'])).code).toBe(0);
    expect(await colony.agent('api')).toMatchObject({ phase: 'ready', generation: 2 });
  });

  test('holds for this once alone', async () => {
    const { api } = await stubborn();
    await colony.run(['restart', 'api', '--now']);
    const next = await colony.agents.alive('api', 2);
    await next.ask({ do: 'ignore', signals: ['SIGTERM', 'SIGHUP'] }, 'ignoring');
    await colony.run(['restart', 'api', '--no-wait']);
    await waitFor('the program to be asked', () => ignored(next).includes('ignored'));
    expect(ignored(api)).not.toContain('ignored');
    await colony.run(['stop', 'api', '--now']);
  });
});

test('start, stop and restart of all with a label', async () => {
  colony.write({
    a: colony.fake({ labels: { team: 'core' } }),
    b: colony.fake({ labels: { team: 'core' } }),
    c: colony.fake(),
  });
  await colony.apply();
  const { c } = await colony.pids();
  expect((await colony.run(['stop', '-l', 'team=core'])).code).toBe(0);
  expect(await colony.pids()).toEqual({ c });
  expect((await colony.run(['start', '-l', 'team=core'])).code).toBe(0);
  expect((await colony.run(['restart', '-l', 'team=core'])).code).toBe(0);
  expect(await colony.agent('b')).toMatchObject({ phase: 'ready', generation: 3 });
  expect((await colony.pids()).c).toBe(c);
});
