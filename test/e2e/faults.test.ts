/**
 * The supervisor is ended by SIGKILL at each step that has an effect, one run for each step (see src/supervisor/faults.ts): at
 * every second one, lest the suite takes too long, and at every one with COLONY_TEST_ALL_STEPS=1.
 * Afterwards a person gives the next command, and the colony must be as if nothing had happened.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AgentStatus, StatusReport } from '../../src/control/protocol.ts';
import type { Entry } from '../../src/reconciler/types.ts';
import { type AgentYaml, type Ran, TestColony } from '../rig/colony.ts';
import { expectSound, type Trees } from '../rig/invariants.ts';
import { isAlive, waitFor } from '../rig/wait.ts';
import { ask, processesOf, settled } from '../rig/world.ts';

/** One life of a supervisor for each step. */
vi.setConfig({ testTimeout: 400_000 });

let colony: TestColony;
let fault: string;

beforeEach(async () => {
  colony = await TestColony.make();
  fault = join(colony.dir, 'fault');
  colony.environment.COLONY_FAULTS = fault;
});

afterEach(async () => {
  rmSync(fault, { force: true });
  await colony.end();
});

type Agents = Readonly<Record<string, AgentStatus>>;

type Scenario = {
  /** Bring the colony to where it starts from; the supervisor cannot die here. */
  readonly prepare: (round: number) => Promise<unknown>;
  /** What happens while it can. The answer is what a command came to, if one was given. */
  readonly act: (before: Agents, round: number) => Promise<Ran | undefined>;
  /** What a person does afterwards if the supervisor died; `apply` where nothing is said. */
  readonly again?: (acted: Ran | undefined, before: Agents) => Promise<unknown>;
  /** Whether what was begun is through, where being at rest is not enough. */
  readonly through?: (now: Agents, before: Agents) => boolean;
  readonly verify: (before: Agents) => Promise<void>;
};

const byName = ({ agents }: StatusReport): Agents => Object.fromEntries(agents.map((agent) => [agent.name, agent]));
const nobody: Agents = {};

const STRIDE = process.env.COLONY_TEST_ALL_STEPS ? 1 : 2;

/** Go through the scenario once for each step, until it gets through alive; the answer is what was crossed then. */
async function atEveryStep(scenario: Scenario): Promise<readonly string[]> {
  for (let round = 1; ; round += STRIDE) {
    await scenario.prepare(round);
    const asked = await ask(colony);
    const before = asked.ok ? byName(asked.value) : nobody;
    rmSync(`${fault}.log`, { force: true });
    writeFileSync(fault, String(round));
    const acted = await scenario.act(before, round);
    const pid = asked.ok ? asked.value.supervisor?.pid : undefined;
    const died = await diesBeforeRest((now) => scenario.through?.(now, before) ?? true, pid);
    rmSync(fault, { force: true });
    if (died) await (scenario.again ?? (() => colony.apply()))(acted, before);
    try {
      await scenario.verify(before);
    } catch (error) {
      throw new Error(`after death ${round} (${crossed().at(-1)}): ${(error as Error).message}`, { cause: error });
    }
    if (!died) return crossed();
  }
}

function crossed(): readonly string[] {
  if (!existsSync(`${fault}.log`)) return [];
  return readFileSync(`${fault}.log`, 'utf8').split('\n').filter(Boolean);
}

/** Whether the supervisor died; false: it came to rest, and no further step came up for a while. */
async function diesBeforeRest(through: (now: Agents) => boolean, pid: number | undefined): Promise<boolean> {
  const answer = await waitFor('the supervisor to die or to come to rest', async () => {
    const left = stepsLeft();
    if (left === undefined) return 'died';
    const asked = await ask(colony);
    // One that leaves does not answer any more a while before it has taken its last step.
    if (!asked.ok && pid !== undefined && (await isAlive(pid))) return undefined;
    if (!asked.ok) return (await stays(left)) && 'rests';
    if (!asked.value.agents.every(({ phase }) => !MOVING.has(phase)) || !through(byName(asked.value))) return undefined;
    return (await stays(left)) && 'rests';
  });
  return answer === 'died';
}

/** What was crossed, whatever the moment: which of several steps at once comes first is not always the same. */
const names = (steps: readonly string[]) => steps.map((step) => step.split(' ')[1]);

const MOVING: ReadonlySet<string> = new Set(['starting', 'stopping', 'pending', 'unknown']);

async function stays(left: string): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 150));
  return stepsLeft() === left;
}

/** undefined: the supervisor has died, which takes the file away. */
function stepsLeft(): string | undefined {
  try {
    return readFileSync(fault, 'utf8');
  } catch {
    return undefined;
  }
}

const sleeper = (seconds = 1000, more: AgentYaml = {}): AgentYaml => ({ command: ['sleep', String(seconds)], ...more });

/** One process, and a child that has left its session and ignores what it can. */
const family: AgentYaml = {
  command: 'setsid sh -c \'trap "" TERM HUP INT; exec sleep 1001\' >/dev/null 2>&1 </dev/null & exec sleep 1000',
};

const sound = async (trees: Trees): Promise<Agents> => {
  const now = byName(await settled(colony));
  await expectSound(colony, trees);
  return now;
};

const generationOf = (agents: Agents, name: string) => agents[name]?.generation ?? 0;

/** What is expected of an agent that was replaced once and did not fail. */
const oneMore = (before: Agents, name: string) => ({
  phase: 'ready',
  generation: generationOf(before, name) + 1,
  restarts: before[name]?.restarts,
});

const same = (before: Agents, name: string) => ({ pid: before[name]?.pid, generation: generationOf(before, name) });

/** Give a command; if it did not get through, give it again to a new supervisor, as a person would. */
const command = (...args: string[]): Pick<Scenario, 'act' | 'again'> => ({
  act: () => colony.run(args),
  again: async (acted) => {
    await colony.apply('--no-wait');
    if (acted?.code !== 0) await colony.run(args);
  },
});

/** The same for what must not be done twice: it is given again only if it was not written down. */
function writtenOnce(type: Entry['type'], ...args: string[]): Pick<Scenario, 'act' | 'again'> {
  let last = 0;
  return {
    act: () => {
      last = colony.journal().at(-1)?.seq ?? 0;
      return colony.run(args);
    },
    again: async () => {
      await colony.apply('--no-wait');
      if (!colony.journal().some((entry) => entry.seq > last && entry.type === type)) await colony.run(args);
    },
  };
}

const applied = async () => {
  await colony.apply('--yes', '--no-wait');
  await settled(colony);
};

describe('a supervisor that dies at any step of', () => {
  test('a first apply doubles nobody and leaves nobody out', async () => {
    colony.write({ a: sleeper(), b: sleeper() });
    const steps = await atEveryStep({
      prepare: async () => {
        expect((await colony.run(['down', '--yes'])).code).toBe(0);
        rmSync(join(colony.dir, 'state'), { recursive: true });
      },
      act: () => colony.apply(),
      verify: async () => {
        const now = await sound({ a: 1, b: 1 });
        expect([now.a?.generation, now.b?.generation]).toEqual([1, 1]);
      },
    });
    expect(names(steps)).toContain('spawn');
  });

  test('the change of a command replaces that one agent once', async () => {
    const steps = await atEveryStep({
      prepare: (round) => {
        colony.write({ a: sleeper(1000 + round), b: sleeper() });
        return applied();
      },
      act: (_, round) => {
        colony.write({ a: sleeper(2000 + round), b: sleeper() });
        return colony.apply();
      },
      verify: async (before) => {
        const now = await sound({ a: 1, b: 1 });
        expect(now.a).toMatchObject(oneMore(before, 'a'));
        expect(now.b).toMatchObject(same(before, 'b'));
      },
    });
    expect(names(steps)).toContain('respawn');
  });

  test('a removal takes that agent alone', async () => {
    const steps = await atEveryStep({
      prepare: () => {
        colony.write({ a: sleeper(), b: sleeper() });
        return applied();
      },
      act: () => {
        colony.write({ b: sleeper() });
        return colony.apply();
      },
      verify: async (before) => expect((await sound({ b: 1 })).b).toMatchObject(same(before, 'b')),
    });
    expect(names(steps)).toContain('remove');
  });

  test('a removal asks the hook of that agent, which the file does not name any more', async () => {
    const asked = join(colony.work, 'asked');
    const steps = await atEveryStep({
      prepare: () => {
        rmSync(asked, { force: true });
        colony.write({ a: sleeper(1000, { hooks: { pre_stop: 'touch asked', post_stop: 'true' } }), b: sleeper() });
        return applied();
      },
      act: () => {
        colony.write({ b: sleeper() });
        return colony.apply();
      },
      verify: async (before) => {
        expect((await sound({ b: 1 })).b).toMatchObject(same(before, 'b'));
        expect(existsSync(asked)).toBe(true);
      },
    });
    expect(names(steps)).toContain('runCommand');
  });

  test('a start that is prepared by a hook starts one program', async () => {
    const steps = await atEveryStep({
      prepare: async (round) => {
        colony.write({ b: sleeper(3000 + round) });
        await applied();
      },
      act: (_, round) => {
        const hooks = { pre_start: 'sleep 0.05', post_start: 'true' };
        colony.write({ a: sleeper(1000 + round, { hooks }), b: sleeper(3000 + round) });
        return colony.apply();
      },
      verify: async () => {
        await sound({ a: 1, b: 1 });
      },
    });
    expect(names(steps)).toContain('runCommand');
  });

  test('an update in place restarts nobody', async () => {
    await atEveryStep({
      prepare: (round) => {
        colony.write({ a: sleeper(), b: sleeper(1000, { labels: { round: String(-round) } }) });
        return applied();
      },
      act: (_, round) => {
        colony.write({ a: sleeper(), b: sleeper(1000, { labels: { round: String(round) } }) });
        return colony.apply();
      },
      verify: async (before) => {
        const now = await sound({ a: 1, b: 1 });
        expect(now.a).toMatchObject(same(before, 'a'));
        expect(now.b).toMatchObject(same(before, 'b'));
      },
    });
  });

  test('the answer to a crash restarts that one agent once, and counts one failure', async () => {
    const restart = { backoff: { initial: '0s' }, crash_loop: 'off' };
    colony.write({ a: sleeper(1000, { restart }), b: sleeper() });
    const steps = await atEveryStep({
      prepare: applied,
      act: async (before) => {
        process.kill(before.a?.pid ?? 0, 'SIGKILL');
        return undefined;
      },
      through: (now, before) => generationOf(now, 'a') > generationOf(before, 'a'),
      verify: async (before) => {
        const now = await sound({ a: 1, b: 1 });
        const { window, total } = before.a?.restarts ?? { window: 0, total: 0 };
        expect(now.a).toMatchObject({ ...oneMore(before, 'a'), restarts: { window: window + 1, total: total + 1 } });
        expect(now.b).toMatchObject(same(before, 'b'));
      },
    });
    expect(names(steps)).toContain('respawn');
  });

  test('a stop by a person takes the whole tree, counts no failure, and sticks', async () => {
    colony.write({ a: family, b: sleeper() });
    const steps = await atEveryStep({
      prepare: async () => {
        await applied();
        await colony.run(['start', 'a']);
      },
      ...command('stop', 'a'),
      verify: async (before) => {
        const now = await sound({ b: 1 });
        expect(now.a).toMatchObject({
          phase: 'stopped',
          generation: generationOf(before, 'a'),
          restarts: before.a?.restarts,
        });
        expect(now.b).toMatchObject(same(before, 'b'));
      },
    });
    expect(steps.some((step) => step.endsWith(' sweep'))).toBe(true);
  });

  test('a start by a person starts that one agent once', async () => {
    colony.write({ a: sleeper(), b: sleeper() });
    await atEveryStep({
      prepare: async () => {
        await applied();
        await colony.run(['stop', 'a']);
      },
      ...command('start', 'a'),
      verify: async (before) => {
        const now = await sound({ a: 1, b: 1 });
        expect(now.a).toMatchObject(oneMore(before, 'a'));
        expect(now.b).toMatchObject(same(before, 'b'));
      },
    });
  });

  test('a restart by a person replaces that one agent once', async () => {
    colony.write({ a: sleeper(), b: sleeper() });
    await atEveryStep({
      prepare: applied,
      ...writtenOnce('restart_requested', 'restart', 'a'),
      verify: async (before) => {
        const now = await sound({ a: 1, b: 1 });
        expect(now.a).toMatchObject(oneMore(before, 'a'));
        expect(now.b).toMatchObject(same(before, 'b'));
      },
    });
  });

  test('a crash loop is held after just as many failures', async () => {
    const restart = { backoff: { initial: '10ms', max: '20ms' }, crash_loop: { restarts: 1, window: '1h' } };
    colony.write({ a: { command: 'exit 3', restart }, b: sleeper() });
    const held = () => waitFor('a to be held', async () => (await colony.agent('a'))?.phase === 'held');
    await atEveryStep({
      prepare: async () => {
        await applied();
        await held();
      },
      ...writtenOnce('released', 'start', 'a', '--no-wait'),
      through: (now, before) => now.a?.phase === 'held' && generationOf(now, 'a') > generationOf(before, 'a'),
      verify: async (before) => {
        // That it is held is no sign of it: it was held before.
        await waitFor('a to have failed twice', async () => {
          const a = await colony.agent('a');
          return a?.phase === 'held' && a.generation >= generationOf(before, 'a') + 2;
        });
        const now = await sound({ b: 1 });
        expect(now.a).toMatchObject({
          phase: 'held',
          generation: generationOf(before, 'a') + 2,
          restarts: { window: 2, total: (before.a?.restarts.total ?? 0) + 1 },
        });
        expect(now.b).toMatchObject(same(before, 'b'));
      },
    });
  });

  test('a down leaves nothing behind once it is given again', async () => {
    colony.write({ a: sleeper(), b: sleeper() });
    const steps = await atEveryStep({
      prepare: applied,
      act: () => colony.run(['down', '--yes']),
      again: () => colony.run(['down', '--yes']),
      // Who still answers is not down.
      through: () => false,
      verify: async () => {
        expect(processesOf(colony.file)).toEqual([]);
        expect((await colony.tmux('list-sessions')).stderr).toMatch(/no server running|error connecting/);
        expect(await ask(colony)).toMatchObject({ ok: false, error: { kind: 'absent' } });
        expect(existsSync(colony.paths.owner)).toBe(false);
      },
    });
    expect(names(steps)).toContain('shutdown');
  });

  test('the loss of the tmux server starts everybody once, over nobody’s body', async () => {
    // A hang-up is what processes get when their terminal goes; this one does not mind.
    colony.write({ a: { command: 'trap "" HUP; exec sleep 1000' }, b: sleeper(), c: sleeper() });
    const steps = await atEveryStep({
      prepare: async () => {
        await applied();
        await colony.run(['stop', 'c']);
      },
      act: async () => {
        process.kill(Number((await colony.tmux('display-message', '-p', '#{pid}')).stdout), 'SIGKILL');
        return undefined;
      },
      through: (now, before) => generationOf(now, 'b') > generationOf(before, 'b'),
      verify: async (before) => {
        const now = await sound({ a: 1, b: 1 });
        expect(await isAlive(before.a?.pid ?? 0)).toBe(false);
        expect(now.a).toMatchObject(oneMore(before, 'a'));
        expect(now.b).toMatchObject(oneMore(before, 'b'));
        expect(now.c).toMatchObject({ phase: 'stopped', generation: generationOf(before, 'c') });
      },
    });
    expect(names(steps)).toContain('announce');
  });
});
