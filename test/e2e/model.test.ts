/**
 * Random sequences of what people and accidents do to a colony, against a small model of what must come of it.
 *
 * The cases are the same in every run. To look for new ones, and for longer:
 * `COLONY_TEST_SEED=random COLONY_MODEL_RUNS=200 npx vitest run test/e2e/model.test.ts`
 */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { StatusReport } from '../../src/control/protocol.ts';
import { type AgentYaml, TestColony } from '../rig/colony.ts';
import { expectSound } from '../rig/invariants.ts';
import * as model from '../rig/small-model.ts';
import { type Model, mustRun, phaseOf, RESTARTS_ALLOWED } from '../rig/small-model.ts';
import { waitFor } from '../rig/wait.ts';
import { ask, look } from '../rig/world.ts';

const RUNS = Number(process.env.COLONY_MODEL_RUNS ?? 8);
vi.setConfig({ testTimeout: RUNS * 60_000 });

const NAMES = ['a', 'b', 'c'] as const;
type Name = (typeof NAMES)[number];

/** The program waits for a number on its terminal and ends with it; the comment makes one command differ from another. */
const yamlOf = (agent: model.AgentModel): AgentYaml => ({
  command: `read -r code; exit "$code" # ${agent.variant}`,
  labels: { label: String(agent.label) },
  enabled: agent.enabled,
  restart: {
    policy: agent.onFailure ? 'on-failure' : 'unless-stopped',
    backoff: { initial: '0s' },
    crash_loop: { restarts: RESTARTS_ALLOWED, window: '1h' },
  },
});

/** The colony under test, and the process of each agent when it was last looked at. */
class Real {
  readonly colony: TestColony;
  #lives: Readonly<Record<string, string>> = {};

  constructor(colony: TestColony) {
    this.colony = colony;
  }

  write(agents: Model): void {
    const declared = Object.entries(agents).filter(([, { declared }]) => declared);
    this.colony.write(Object.fromEntries(declared.map(([name, agent]) => [name, yamlOf(agent)])));
  }

  async apply(): Promise<void> {
    const { code, stderr } = await this.colony.apply('--yes', '--no-wait');
    if (code !== 0) throw new Error(`apply ended with ${code}: ${stderr}`);
  }

  async pid(name: Name): Promise<number> {
    const { sessions } = await look(this.colony);
    return sessions.find(({ agent }) => agent === name)?.pid ?? 0;
  }

  async killServer(): Promise<void> {
    process.kill(Number((await this.colony.tmux('display-message', '-p', '#{pid}')).stdout), 'SIGKILL');
  }

  /** Wait until the colony is as the model says, and see that nothing else is. */
  async agrees(agents: Model): Promise<void> {
    const declared = Object.entries(agents).filter(([, { declared }]) => declared);
    const expected = Object.fromEntries(declared.map(([name, agent]) => [name, expectedOf(agent)]));
    let seen: unknown;
    await waitFor('the colony to be as the model says', async () => {
      const status = await ask(this.colony);
      seen = status.ok ? Object.fromEntries(status.value.agents.map((agent) => [agent.name, seenOf(agent)])) : status;
      return JSON.stringify(seen) === JSON.stringify(expected);
    }).catch(() => expect(seen).toEqual(expected));
    const running = declared.filter(([, agent]) => mustRun(agent)).map(([name]) => [name, 1] as const);
    await expectSound(this.colony, Object.fromEntries(running));
    await this.#sameLives();
  }

  /** A process is another one if, and only if, its generation is. */
  async #sameLives(): Promise<void> {
    const { sessions } = await look(this.colony);
    const lives = sessions.filter(({ dead }) => !dead).map((seen) => [`${seen.agent} ${seen.generation}`, seen.run]);
    for (const [life = '', run] of lives) expect(this.#lives[life] ?? run, `the run of ${life}`).toBe(run);
    this.#lives = { ...this.#lives, ...Object.fromEntries(lives) };
  }
}

const expectedOf = (agent: model.AgentModel) => ({
  phase: phaseOf(agent),
  generation: agent.generation,
  restarts: { window: agent.failures, total: agent.total },
});

const seenOf = ({ phase, generation, restarts }: StatusReport['agents'][number]) => ({ phase, generation, restarts });

type Command = fc.AsyncCommand<Model, Real>;

/** Something that is done, and what it means; `possible` says when it can be done at all. */
const command = (
  what: string,
  possible: (agents: Model) => boolean,
  act: (agents: Model, real: Real) => Promise<unknown>,
): Command => ({
  check: (agents) => possible(agents),
  run: async (agents, real) => {
    await act(agents, real);
    await real.agrees(agents);
  },
  toString: () => what,
});

const declared = (name: Name) => (agents: Model) => agents[name]?.declared === true;
const runs = (name: Name) => (agents: Model) => agents[name] !== undefined && mustRun(agents[name]);

const agentOf = (agents: Model, name: Name): model.AgentModel => {
  const agent = agents[name];
  if (!agent) throw new Error(`the model has no ${name}`);
  return agent;
};

const BY_HAND = { start: model.started, stop: model.stopped, restart: model.restarted } as const;
type Verb = keyof typeof BY_HAND;

/** `killed`: the supervisor is ended as soon as it has said yes, and the next one goes on. */
const byHand = (verb: Verb, name: Name, killed: boolean): Command =>
  command(`${verb} ${name}${killed ? ', and the supervisor dies' : ''}`, declared(name), async (agents, real) => {
    const { code, stderr } = await real.colony.run([verb, name, ...(killed ? ['--no-wait'] : [])]);
    if (![0, 3].includes(code)) throw new Error(`${verb} ended with ${code}: ${stderr}`);
    if (killed) {
      await real.colony.killSupervisor();
      await real.apply();
    }
    BY_HAND[verb](agentOf(agents, name));
  });

const EDITS = {
  add: (agent: model.AgentModel) => {
    agent.declared = true;
  },
  remove: (agent: model.AgentModel) => {
    agent.declared = false;
  },
  change: (agent: model.AgentModel) => {
    agent.variant += 1;
  },
  relabel: (agent: model.AgentModel) => {
    agent.label += 1;
  },
  switch: (agent: model.AgentModel) => {
    agent.enabled = !agent.enabled;
  },
} as const;

const edit = (kind: keyof typeof EDITS, name: Name, killed: boolean): Command =>
  command(
    `${kind} ${name}${killed ? ', and the supervisor dies' : ''}`,
    (agents) => declared(name)(agents) !== (kind === 'add'),
    async (agents, real) => {
      model.want(agentOf(agents, name), EDITS[kind]);
      real.write(agents);
      await real.apply();
      if (!killed) return;
      await real.colony.killSupervisor();
      await real.apply();
    },
  );

const ENDS = {
  'is killed': async (name: Name, real: Real) => process.kill(await real.pid(name), 'SIGKILL'),
  'exits with 3': (name: Name, real: Real) => real.colony.tmux('send-keys', '-t', `=${name}:`, '3', 'Enter'),
  'exits with 0': (name: Name, real: Real) => real.colony.tmux('send-keys', '-t', `=${name}:`, '0', 'Enter'),
} as const;

/** `alone`: no supervisor is there to see it. */
const end = (how: keyof typeof ENDS, name: Name, alone: boolean): Command =>
  command(`${name} ${how}${alone ? ' while no supervisor runs' : ''}`, runs(name), async (agents, real) => {
    if (alone) await real.colony.killSupervisor();
    const pid = await real.pid(name);
    await ENDS[how](name, real);
    if (alone) {
      await waitFor(`${name} to be seen dead`, async () => {
        process.kill(await serverPid(real), 'SIGCHLD');
        return (await look(real.colony)).sessions.some((seen) => seen.pid === pid && seen.dead);
      });
      await real.apply();
    }
    model.crashed(agentOf(agents, name), how === 'exits with 0');
  });

const serverPid = async ({ colony }: Real) => Number((await colony.tmux('display-message', '-p', '#{pid}')).stdout);

const close = (name: Name, alone: boolean): Command =>
  command(
    `the session of ${name} is closed${alone ? ' while no supervisor runs' : ''}`,
    (agents) => agents[name]?.session === true,
    async (agents, real) => {
      if (alone) await real.colony.killSupervisor();
      await real.colony.tmux('kill-session', '-t', `=${name}`);
      if (alone) await real.apply();
      model.sessionClosed(agentOf(agents, name));
    },
  );

const loseServer = (alone: boolean): Command =>
  command(
    `the tmux server dies${alone ? ' after the supervisor' : ''}`,
    () => true,
    async (agents, real) => {
      if (alone) await real.colony.killSupervisor();
      await real.killServer();
      if (alone) await real.apply();
      model.serverLost(agents);
    },
  );

const loseSupervisor: Command = command(
  'the supervisor dies',
  () => true,
  async (_, real) => {
    await real.colony.killSupervisor();
    await real.apply();
  },
);

const applyAgain: Command = command(
  'apply',
  () => true,
  (_, real) => real.apply(),
);

const takeDown: Command = command(
  'down, and up',
  () => true,
  async (agents, real) => {
    await real.colony.run(['down', '--yes']);
    await real.apply();
    model.downAndUp(agents);
  },
);

const name = fc.constantFrom(...NAMES);
const sometimes = fc.integer({ min: 0, max: 3 }).map((roll) => roll === 0);
const anyCommand: fc.Arbitrary<Command>[] = [
  fc.tuple(fc.constantFrom<Verb>('start', 'stop', 'restart'), name, sometimes).map((drawn) => byHand(...drawn)),
  fc
    .tuple(fc.constantFrom<keyof typeof EDITS>('add', 'remove', 'change', 'relabel', 'switch'), name, sometimes)
    .map((drawn) => edit(...drawn)),
  fc
    .tuple(fc.constantFrom<keyof typeof ENDS>('is killed', 'exits with 3', 'exits with 0'), name, sometimes)
    .map((drawn) => end(...drawn)),
  fc.tuple(name, sometimes).map((drawn) => close(...drawn)),
  fc.constantFrom(loseServer(false), loseServer(true), loseSupervisor, applyAgain, takeDown),
];

test('a colony is as the model says, whatever is done to it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(anyCommand, { maxCommands: 8, size: 'max' }), async (commands) => {
      const colony = await TestColony.make();
      try {
        const real = new Real(colony);
        const agents: Model = { a: model.newAgent(false), b: model.newAgent(false), c: model.newAgent(true) };
        real.write(agents);
        await real.apply();
        for (const agent of Object.values(agents)) model.begun(agent);
        await fc.asyncModelRun(() => ({ model: agents, real }), commands);
      } finally {
        await colony.end();
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});
