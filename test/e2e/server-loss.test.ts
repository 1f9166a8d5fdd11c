import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AgentYaml, TestColony } from '../rig/colony.ts';
import { expectSound } from '../rig/invariants.ts';
import { waitFor } from '../rig/wait.ts';
import { ask, clientsOf, processesOf, settled } from '../rig/world.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(async () => {
  await colony.end();
});

const STAGGER = 150;
const sleeper: AgentYaml = { command: ['sleep', '1000'] };
/** A hang-up is what a process gets when its terminal goes, and this one does not mind. */
const stubborn: AgentYaml = { command: 'trap "" HUP; exec sleep 1000' };
const flapping: AgentYaml = {
  command: 'exit 3',
  restart: { backoff: { initial: '0s' }, crash_loop: { restarts: 1, window: '1h' } },
};

async function killServer(): Promise<void> {
  process.kill(Number((await colony.tmux('display-message', '-p', '#{pid}')).stdout), 'SIGKILL');
}

/** Look again and again, until `over`, at how many lives of one agent have processes at the same time. */
async function mostLivesAtOnce(over: () => Promise<boolean>): Promise<number> {
  let most = 0;
  while (!(await over())) {
    const lives = new Map<string, Set<string>>();
    for (const { agent, run } of processesOf(colony.file)) lives.set(agent, (lives.get(agent) ?? new Set()).add(run));
    most = Math.max(most, ...[...lives.values()].map(({ size }) => size));
  }
  return most;
}

describe('a tmux server that dies', () => {
  test.each([
    ['and its socket stays', async () => undefined],
    ['and its socket goes as well', async () => rmSync(colony.paths.tmuxSocket, { force: true })],
  ])('%s: everybody comes back once, staggered, and what was held stays so', async (_what, further) => {
    const top = { concurrency: { max_starting: 1, stagger: `${STAGGER}ms` } };
    colony.write({ a: stubborn, b: sleeper, c: stubborn, off: sleeper, bad: flapping }, top);
    await colony.apply();
    await colony.run(['stop', 'off']);
    await waitFor('bad to be held', async () => (await colony.agent('bad'))?.phase === 'held');
    const before = await colony.agent('bad');
    const marked = colony.journal().length;
    await killServer();
    await further();
    const back = async () => {
      const asked = await ask(colony);
      return (
        asked.ok && asked.value.agents.filter(({ generation, pid }) => generation === 2 && pid !== null).length === 3
      );
    };
    expect(await mostLivesAtOnce(back), 'lives of one agent at the same time').toBe(1);
    await expectSound(colony, { a: 1, b: 1, c: 1 });
    for (const name of ['a', 'b', 'c']) {
      expect(await colony.agent(name)).toMatchObject({ generation: 2, restarts: { window: 0, total: 0 } });
    }
    expect(await colony.agent('off')).toMatchObject({ phase: 'stopped', generation: 1 });
    expect(await colony.agent('bad')).toMatchObject({ phase: 'held', generation: 2, restarts: before?.restarts });
    const entries = colony.journal().slice(marked);
    expect(entries.filter(({ type }) => type === 'server_lost')).toHaveLength(1);
    expect(entries.filter(({ type }) => type === 'exited')).toEqual([]);
    const starts = entries.flatMap((entry) => (entry.type === 'started' ? [entry.started] : []));
    const gaps = starts.slice(1).map((at, i) => at - (starts[i] ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(STAGGER - 20);
  });
});

/** The second client is ended by the supervisor as soon as it misses the first. */
function endIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Then it has gone already.
  }
}

describe('a connection that ends while the server lives', () => {
  test.each([0, 1])('is opened again with nothing restarted: client %i dies', async (which) => {
    colony.write({ a: sleeper, b: sleeper });
    await colony.apply();
    const before = await colony.pids();
    const clients = await clientsOf(colony);
    expect(clients).toHaveLength(2);
    process.kill(clients[which] ?? 0, 'SIGKILL');
    await waitFor('two other clients', async () => {
      const now = await clientsOf(colony);
      return now.length === 2 && now.every((pid) => !clients.includes(pid));
    });
    await settled(colony);
    await expectSound(colony, { a: 1, b: 1 });
    expect(await colony.pids()).toEqual(before);
    expect(colony.journal().map(({ type }) => type)).not.toContain('server_lost');
  });

  test('is opened again with nothing restarted: the socket is gone as well', async () => {
    colony.write({ a: sleeper, b: sleeper });
    await colony.apply();
    const before = await colony.pids();
    const clients = await clientsOf(colony);
    rmSync(colony.paths.tmuxSocket);
    for (const pid of clients) endIfThere(pid);
    await waitFor('two other clients', async () => {
      const now = await clientsOf(colony);
      return now.length === 2 && now.every((pid) => !clients.includes(pid));
    });
    await settled(colony);
    await expectSound(colony, { a: 1, b: 1 });
    expect(await colony.pids()).toEqual(before);
  });
});
