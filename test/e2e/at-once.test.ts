import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AgentYaml, TestColony } from '../rig/colony.ts';
import { expectSound } from '../rig/invariants.ts';
import { waitFor } from '../rig/wait.ts';
import { ask, settled } from '../rig/world.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(async () => {
  await colony.end();
});

const sleeper: AgentYaml = { command: ['sleep', '1000'] };
/** `late` waits for ever, and so does an apply that follows it. */
const waiting = { job: sleeper, late: { ...sleeper, depends_on: { job: { condition: 'completed' } } } };

const phaseOf = async (name: string) => (await colony.agent(name))?.phase;

describe('two at the same moment', () => {
  test('apply from nothing: both end well, or the other says who holds the colony', async () => {
    colony.write({ a: sleeper, b: sleeper });
    for (let round = 1; round <= 10; round++) {
      const both = await Promise.all([colony.apply(), colony.apply()]);
      expect(
        both.map(({ code }) => code),
        JSON.stringify(both),
      ).toContain(0);
      for (const { code, stderr } of both) {
        expect([0, 75], stderr).toContain(code);
        if (code === 75) expect(stderr).toMatch(/another supervisor \(pid \d+\) holds the colony "lab"/);
      }
      await settled(colony);
      await expectSound(colony, { a: 1, b: 1 });
      expect((await colony.run(['down', '--yes'])).code).toBe(0);
    }
  });

  test('supervise: exactly one does, and the other names it', async () => {
    colony.write({ a: sleeper });
    for (let round = 1; round <= 3; round++) {
      const both = [colony.start(['supervise']), colony.start(['supervise'])] as const;
      const said = both.map((child) => {
        let text = '';
        child.stderr?.on('data', (chunk: Buffer) => {
          text += chunk.toString('utf8');
        });
        return () => text;
      });
      const ends = both.map((child) => once(child, 'close'));
      const loser = await Promise.race(ends.map((end, i) => end.then(() => i)));
      const winner = both[1 - loser];
      expect(both[loser]?.exitCode).toBe(75);
      expect(said[loser]?.()).toContain(`another supervisor (pid ${winner?.pid}) holds the colony "lab"`);
      await waitFor('the winner to answer', async () => (await ask(colony)).ok);
      await settled(colony);
      await expectSound(colony, { a: 1 });
      winner?.kill('SIGTERM');
      await ends[1 - loser];
      expect(winner?.exitCode).toBe(0);
    }
  });
});

describe('while an apply waits', () => {
  test('another one is carried out, and both end as they should', async () => {
    colony.write({ ...waiting, job: { command: 'sleep 2', restart: 'on-failure' } });
    const first = colony.apply();
    await waitFor('late to wait', async () => (await phaseOf('late')) === 'pending');
    colony.write({ ...waiting, job: { command: 'sleep 2', restart: 'on-failure' }, more: sleeper });
    const second = await colony.apply();
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(await first).toMatchObject({ code: 0, stderr: '' });
    await settled(colony);
    await expectSound(colony, { late: 1, more: 1 });
  });

  test('a down takes everything, and the apply says so', async () => {
    colony.write(waiting);
    const applied = colony.apply();
    await waitFor('late to wait', async () => (await phaseOf('late')) === 'pending');
    expect((await colony.run(['down', '--yes'])).code).toBe(0);
    const { code, stderr } = await applied;
    expect(code).not.toBe(0);
    expect(stderr).not.toBe('');
    await expectSound(colony, {});
    expect((await colony.tmux('list-sessions')).stderr).toMatch(/no server running|error connecting/);
  });
});

describe('a stop by a person', () => {
  test('during a back-off holds the agent, and a start then starts it at once', async () => {
    const restart = { backoff: { initial: '1h', max: '1h' } };
    colony.write({ a: { command: ['sleep', '1000'], restart }, b: sleeper });
    await colony.apply();
    process.kill((await colony.pids()).a ?? 0, 'SIGKILL');
    await waitFor('a to wait', async () => (await phaseOf('a')) === 'backoff');
    expect((await colony.run(['stop', 'a'])).code).toBe(0);
    expect(await colony.agent('a')).toMatchObject({ phase: 'stopped', next_action_at: null });
    expect((await colony.run(['start', 'a'])).code).toBe(0);
    expect(await colony.agent('a')).toMatchObject({ phase: 'ready', generation: 2, restarts: { window: 0, total: 0 } });
  });

  test('whose supervisor is killed in the grace time is completed by the next one, and is no crash', async () => {
    const deaf = `trap '' TERM HUP; while :; do sleep 0.2; done`;
    colony.write({ a: { command: deaf, stop: { grace: '1s' } }, b: sleeper });
    await colony.apply();
    const before = await colony.pids();
    await colony.run(['stop', 'a', '--no-wait']);
    await waitFor('the stop to be under way', () => colony.journal().some(({ type }) => type === 'stopping'));
    await colony.killSupervisor();
    expect((await colony.apply()).code).toBe(0);
    await settled(colony);
    await expectSound(colony, { b: 1 });
    expect(await colony.agent('a')).toMatchObject({
      phase: 'stopped',
      generation: 1,
      restarts: { window: 0, total: 0 },
    });
    expect(await colony.pids()).toEqual({ b: before.b });
  });
});
