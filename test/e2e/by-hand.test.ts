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
    expect((await colony.run(['stop'])).code).toBe(4);
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
