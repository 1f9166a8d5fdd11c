/** One healthy colony that plans nothing, and the small steps that spoil one side of it. */

import { noHistory } from '../../src/reconciler/ledger.ts';
import { nothingTold } from '../../src/reconciler/nothing-told.ts';
import { pair } from '../../src/reconciler/pair.ts';
import { reconcile } from '../../src/reconciler/reconcile.ts';
import { type Situation, situationOf } from '../../src/reconciler/situation.ts';
import type {
  Advice,
  AgentName,
  AgentSpec,
  Applied,
  Circuit,
  Exit,
  History,
  LastExit,
  MainPane,
  Millis,
  Observed,
  Obstacle,
  Operation,
  Reason,
  ReconcileInput,
  Role,
  Session,
  Verdict,
  Vitals,
} from '../../src/reconciler/types.ts';
import type { CircuitBreakerSpec } from '../../src/spec/colony.ts';
import type { ProbeSpec } from '../../src/spec/probes.ts';
import type { RestartSpec } from '../../src/spec/restart.ts';

export const NOW: Millis = 1_800_000_000_000;
export const SECOND: Millis = 1_000;
export const MINUTE: Millis = 60_000;
export const HOUR: Millis = 3_600_000;

export const SERVER = { pid: 10, start: '100' };

type Known = Extract<Observed, { known: true }>;
export type World = ReconcileInput & { readonly observed: Known };
/** Spoils a world in one way. */
export type Change = (world: World) => World;

export const restartSpec: RestartSpec = {
  policy: 'unless-stopped',
  backoff: { initial: SECOND, factor: 2, max: 5 * MINUTE, jitter: 0 },
  reset_after: 10 * MINUTE,
  crash_loop: { restarts: 5, window: 10 * MINUTE, action: 'hold' },
  success_exit_codes: [0],
  never_restart_exit_codes: [126, 127],
};

export function specOf(name: AgentName, patch: Partial<AgentSpec> = {}): AgentSpec {
  return {
    name,
    kind: 'shell',
    description: '',
    enabled: true,
    labels: {},
    workdir: '/work',
    command: { form: 'words', words: [name] },
    env: {},
    metadata: {},
    replica: 1,
    depends_on: {},
    restart: restartSpec,
    stop: { sequence: [{ signal: 'INT' }], grace: 5 * SECOND },
    update: { mode: 'immediate', wait: undefined },
    probes: { startup: [], readiness: [], liveness: [] },
    hooks: { pre_start: undefined, post_start: undefined, pre_stop: undefined, post_stop: undefined },
    memory: undefined,
    cpu: undefined,
    max_age: undefined,
    prompt: undefined,
    resume: 'auto',
    context: undefined,
    idle: undefined,
    limit: undefined,
    waiting: undefined,
    completion: undefined,
    schedule: [],
    on_reboot: 'last_state',
    size: { columns: 200, rows: 50 },
    fingerprint: `v1:${name}`,
    settings: { command: name },
    ...patch,
  };
}

/** What the ledger keeps of a life that was started with these settings. */
export function appliedOf(spec: AgentSpec): Applied {
  const { fingerprint, settings, stop } = spec;
  return { fingerprint, settings, stop, depends_on: Object.keys(spec.depends_on) };
}

/** The first life of the agent, an hour old; session `$n` and pane `%n`. */
export function sessionOf(name: AgentName, number: number, patch: Partial<Session> = {}): Session {
  return {
    id: `$${number}`,
    name,
    attached: false,
    typed: undefined,
    output: undefined,
    agent: name,
    generation: 1,
    run: `${name}-1`,
    fingerprint: `v1:${name}`,
    started: NOW - HOUR,
    shown: 'ready',
    title: '',
    main: { state: 'alive', pane: `%${number}`, pid: 100 + number },
    ...patch,
  };
}

export function historyOf(spec: AgentSpec, patch: Partial<History> = {}): History {
  return {
    ...noHistory,
    generation: 1,
    run: `${spec.name}-1`,
    started: NOW - HOUR,
    applied: appliedOf(spec),
    changed: NOW - HOUR,
    reason: { code: 'not_running' },
    ...patch,
  };
}

/** `api` needs `db`; `worker` needs nobody. All run for an hour as the file asks for, and no restart ever happened. */
export function base(): World {
  const specs = [specOf('api', { depends_on: { db: { condition: 'ready' } } }), specOf('db'), specOf('worker')];
  return {
    desired: {
      name: 'shop',
      path: '/work/colony.yaml',
      generation: 1,
      profiles: [],
      reload: 'auto',
      tmux: {
        server: { kind: 'own', socket: 'colony-shop' },
        config: undefined,
        history_limit: 5000,
        size: { columns: 200, rows: 50 },
      },
      concurrency: { max_starting: 8, stagger: 0, memory_reserve: 0, max_probes: 16 },
      circuit_breaker: { mode: 'on', failures: 3, window: MINUTE, cool_off: 5 * MINUTE },
      history: { keep: 20, ttl: 7 * 24 * 3_600_000 },
      agents: new Map(specs.map((spec) => [spec.name, spec])),
    },
    observed: {
      known: true,
      at: NOW,
      boot: undefined,
      server: SERVER,
      sessions: new Map(specs.map(({ name }, index) => [name, [sessionOf(name, index + 1)]])),
      foreign: new Set(['vim']),
      obstacles: new Map(),
    },
    ledger: {
      seq: 7,
      at: NOW - HOUR,
      offsets: [],
      server: SERVER,
      lastStart: NOW - HOUR,
      circuit: { state: 'closed', since: 0, agents: 0 },
      agents: new Map(specs.map((spec) => [spec.name, historyOf(spec)])),
    },
    operations: new Map(),
    vitals: new Map(),
    advice: new Map(),
    machine: { memoryAvailable: undefined },
    letters: new Map(),
    now: NOW,
  };
}

/** The healthy colony, spoiled by these changes one after another. */
export const spoilt = (...changes: readonly Change[]): World =>
  changes.reduce((world, change) => change(world), base());

/** Several changes as one. */
export const all =
  (...changes: readonly Change[]): Change =>
  (world) =>
    changes.reduce((changed, change) => change(changed), world);

export const nothing: Change = (world) => world;

function put<V>(map: ReadonlyMap<string, V>, key: string, value: V | undefined): ReadonlyMap<string, V> {
  const next = new Map(map);
  if (value === undefined) next.delete(key);
  else next.set(key, value);
  return next;
}

/** What the file says of an agent; one that is not there is added. */
export const spec =
  (name: AgentName, patch: Partial<AgentSpec>): Change =>
  (world) => {
    const changed = { ...(world.desired.agents.get(name) ?? specOf(name)), ...patch };
    return { ...world, desired: { ...world.desired, agents: put(world.desired.agents, name, changed) } };
  };

export const restart = (name: AgentName, patch: Partial<RestartSpec>): Change =>
  spec(name, { restart: { ...restartSpec, ...patch } });

/** A setting that needs a new process: the fingerprint changes with it. */
export const newCommand = (name: AgentName, command = 'other'): Change =>
  spec(name, { settings: { command }, fingerprint: `v1:${command}` });

/** A setting that needs none. */
export const newLabel = (name: AgentName): Change => spec(name, { settings: { command: name, 'labels.team': 'core' } });

export const removedFromFile =
  (name: AgentName): Change =>
  (world) => ({ ...world, desired: { ...world.desired, agents: put(world.desired.agents, name, undefined) } });

export const concurrency =
  (max_starting: number, stagger: Millis): Change =>
  (world) => ({
    ...world,
    desired: { ...world.desired, concurrency: { ...world.desired.concurrency, max_starting, stagger } },
  });

export const breaker =
  (patch: Partial<CircuitBreakerSpec>): Change =>
  (world) => ({
    ...world,
    desired: { ...world.desired, circuit_breaker: { ...world.desired.circuit_breaker, ...patch } },
  });

export const circuit =
  (state: Circuit): Change =>
  (world) => ({ ...world, ledger: { ...world.ledger, circuit: state } });

/** All sessions that tmux has of an agent. */
export const sessions =
  (name: AgentName, ...found: readonly Session[]): Change =>
  (world) => {
    const changed = put(world.observed.sessions, name, found.length === 0 ? undefined : found);
    return { ...world, observed: { ...world.observed, sessions: changed } };
  };

export const session =
  (name: AgentName, patch: Partial<Session>): Change =>
  (world) =>
    sessions(name, { ...(world.observed.sessions.get(name)?.[0] ?? sessionOf(name, 9)), ...patch })(world);

export const noSession = (name: AgentName): Change => sessions(name);

export const pane = (name: AgentName, main: MainPane): Change => session(name, { main });

export const history =
  (name: AgentName, patch: Partial<History> | undefined): Change =>
  (world) => {
    const changed = patch && { ...(world.ledger.agents.get(name) ?? noHistory), ...patch };
    return { ...world, ledger: { ...world.ledger, agents: put(world.ledger.agents, name, changed) } };
  };

export const operation =
  (name: AgentName, kind: Operation['kind'], since = NOW - SECOND): Change =>
  (world) => ({
    ...world,
    operations: put(world.operations, name, { kind, since, reason: { code: 'user_requested' } }),
  });

export const obstacle =
  (name: AgentName, found: Obstacle): Change =>
  (world) => ({
    ...world,
    observed: { ...world.observed, obstacles: put(world.observed.obstacles, name, found) },
  });

export const server =
  (seen: World['observed']['server']): Change =>
  (world) => ({ ...world, observed: { ...world.observed, server: seen } });

export const code = (value: number): Exit => ({ code: value, signal: undefined });
export const signal = (value: number): Exit => ({ code: undefined, signal: value });
export const unknownExit: Exit = { code: undefined, signal: undefined };

export function lastExitOf(name: AgentName, exit: Exit, patch: Partial<LastExit> = {}): LastExit {
  return {
    ...exit,
    run: `${name}-1`,
    generation: 1,
    at: NOW,
    uptime: SECOND,
    oom: false,
    unplanned: true,
    fingerprint: `v1:${name}`,
    tail: [],
    ...patch,
  };
}

/** The program ended by itself, and the ledger knows; by default right now, after a second, for the first time. */
export const died = (name: AgentName, exit: Exit, last: Partial<LastExit> = {}, past: Partial<History> = {}): Change =>
  all(
    pane(name, { state: 'dead', pane: '%9', exit }),
    history(name, {
      lastExit: lastExitOf(name, exit, last),
      unanswered: true,
      attempt: 1,
      failures: [last.at ?? NOW],
      changed: last.at ?? NOW,
      reason: { code: 'exited', exit },
      ...past,
    }),
  );

/** A person stopped it. */
export const stoppedByPerson = (name: AgentName): Change =>
  history(name, { hold: { reason: { code: 'user_requested' }, since: NOW - MINUTE, fingerprint: undefined } });

/** A person wants this life of it replaced by a new one. */
export const restartAsked = (name: AgentName, run = `${name}-1`): Change => history(name, { replace: run });

/** A probe as the file has it where nothing but its kind is written. */
export const probeSpec = (patch: Partial<ProbeSpec> = {}): ProbeSpec => ({
  ...{ exec: undefined, tcp: undefined, screen: undefined, activity: undefined, heartbeat: undefined, log: undefined },
  http: { url: 'http://127.0.0.1:8080/ok', status: '200-399', headers: {} },
  ...{ initial_delay: 0, period: 10 * SECOND, timeout: 5 * SECOND, success_threshold: 1, failure_threshold: 3 },
  ...{ failures: undefined, on_failure: 'restart', nudge: ['Escape'] },
  ...patch,
});

export const verdict = (is: Verdict['is'], patch: Partial<Verdict> = {}): Verdict => ({
  is,
  since: NOW - MINUTE,
  probe: 'http',
  text: is === 'healthy' ? 'the answer was 200' : 'the answer was 503',
  on_failure: 'restart',
  nudged: false,
  everHealthy: is === 'healthy',
  ...patch,
});

/** The agent has a probe of this role, and this is what came of it; undefined: nothing yet. */
export const probed =
  (name: AgentName, role: Role, found: Verdict | undefined, probe = probeSpec()): Change =>
  (world) => {
    const probes = world.desired.agents.get(name)?.probes ?? { startup: [], readiness: [], liveness: [] };
    const health = world.ledger.agents.get(name)?.health ?? noHistory.health;
    return all(
      spec(name, { probes: { ...probes, [role]: [probe] } }),
      history(name, { health: { ...health, [role]: found } }),
    )(world);
  };

/** A policy has something to say about the run that lives. */
export const advised =
  (name: AgentName, wish: Advice['wish'], patch: Partial<Advice> = {}): Change =>
  (world) => {
    const reason: Reason = { code: 'max_age', after: HOUR };
    const advice: Advice = {
      ...{ policy: 'max_age', run: `${name}-1`, wish, reason, when: 'now', patience: 10 * MINUTE },
      ...patch,
    };
    return { ...world, advice: put(world.advice, name, [...(world.advice.get(name) ?? []), advice]) };
  };

/** What the agent is doing. */
export const does =
  (name: AgentName, state: Vitals['activity']['state']): Change =>
  (world) => {
    const activity = { state, source: 'report', at: NOW, since: NOW } as const;
    const vitals: Vitals = { run: `${name}-1`, samples: [], activity, output: NOW, said: undefined, told: nothingTold };
    return { ...world, vitals: put(world.vitals, name, vitals) };
  };

/** A person sits at its terminal and typed so long ago. */
export const typed = (name: AgentName, ago: Millis): Change => session(name, { attached: true, typed: NOW - ago });

/** It was written down so long ago that this waits. */
export const putOff = (name: AgentName, what: string, ago: Millis): Change =>
  history(name, { deferred: { [what]: { reason: { code: 'max_age', after: HOUR }, since: NOW - ago } } });

/** The plan in words: `spawn db: not_running`. */
export const planned = (world: ReconcileInput): readonly string[] =>
  reconcile(world).actions.map(({ do: what, agent, reason }) => `${what} ${agent}: ${reason.code}`);

export function situationIn(world: World, agent: AgentName = 'db'): Situation {
  const pairing = pair(world.desired, world.observed).find((one) => one.agent === agent);
  if (!pairing) throw new Error(`no agent ${agent} in this world`);
  return situationOf(pairing, world);
}

/** A situation in words: `held: crash_loop`, or what it is alone where there is no reason. */
export const inWords = (found: Situation): string =>
  'reason' in found ? `${found.is}: ${found.reason.code}` : found.is;
