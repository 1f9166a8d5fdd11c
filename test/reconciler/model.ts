/**
 * A supervisor and its world in miniature: performs plans on values, step by step, as the real performer does on tmux.
 *
 * A supervisor can be killed between any two steps of an action; what it had begun is then left as it is, and the next
 * pass has to make sense of it.
 */

import { hasLiveRun, record } from '../../src/reconciler/ledger.ts';
import { notice } from '../../src/reconciler/notice.ts';
import { reconcile } from '../../src/reconciler/reconcile.ts';
import { saidBy, typingEvents } from '../../src/reconciler/said.ts';
import type {
  Action,
  AgentName,
  AgentSpec,
  Entry,
  Event,
  Exit,
  Millis,
  RunId,
  Session,
} from '../../src/reconciler/types.ts';
import { appliedOf, signal, type World } from './base.ts';

/** How one life of an agent goes: how long it lasts by itself, and how it ends. */
export type Fate = { readonly lasts: Millis; readonly exit: Exit };

export type Scenario = {
  readonly world: World;
  /** The next lives of each agent, in order; whoever has no fate left lives for ever. */
  readonly fates: ReadonlyMap<AgentName, readonly Fate[]>;
  /** The passes after which the supervisor is killed and started again. */
  readonly kills: ReadonlySet<number>;
};

/** One effect in the world, or one line in the journal. */
type Step = (model: Model) => void;

type Model = {
  world: World;
  readonly fates: Map<AgentName, readonly Fate[]>;
  /** Processes that will end by themselves, by run. */
  readonly deaths: Map<RunId, { readonly at: Millis; readonly exit: Exit }>;
  /** What is left to do of each action that was begun. */
  readonly work: Map<AgentName, readonly Step[]>;
  readonly events: Entry[];
  runs: number;
};

/** What happened until nothing was left to do. */
export type Story = {
  readonly world: World;
  readonly passes: number;
  readonly actions: readonly Action[];
  readonly events: readonly Entry[];
};

/** Let the colony run until nothing is to be done and nothing more will happen; undefined if that takes too long. */
export function runToRest(scenario: Scenario, atMost = 3_000): Story | undefined {
  // A supervisor that has just started knows of no operation.
  const world = { ...scenario.world, operations: new Map() };
  const model: Model = {
    world,
    fates: new Map(scenario.fates),
    deaths: new Map(),
    work: new Map(),
    events: [],
    runs: 0,
  };
  const actions: Action[] = [];
  for (let passes = 1; passes <= atMost; passes++) {
    reap(model);
    probe(model);
    const plan = pass(model);
    actions.push(...plan.actions);
    const killed = scenario.kills.has(passes);
    const worked = stepAll(model);
    for (const action of plan.actions) begin(model, action);
    if (killed) kill(model);
    if (killed || worked || plan.actions.length > 0) continue;
    const next = nextMoment(model, plan.wakeAt);
    if (next === undefined) return { world: model.world, passes, actions, events: model.events };
    tick(model, next);
  }
  return undefined;
}

/** Every probe of a life that has said nothing yet says that all is well. */
function probe(model: Model): void {
  for (const { name: agent, probes } of model.world.desired.agents.values()) {
    const history = model.world.ledger.agents.get(agent);
    if (!history?.run || !hasLiveRun(history) || model.world.operations.has(agent)) continue;
    for (const role of ['startup', 'readiness', 'liveness'] as const) {
      if (probes[role].length === 0 || history.health[role]) continue;
      const found = { is: 'healthy', probe: 'http', text: 'the answer was 200', on_failure: 'restart' } as const;
      tell(model, { type: 'health', agent, run: history.run, role, ...found });
    }
  }
}

function pass(model: Model) {
  for (let round = 1; noticeOnce(model); round++) if (round > 4) throw new Error('there is no end to what is noticed');
  return reconcile(model.world);
}

function noticeOnce(model: Model): boolean {
  const events = notice(model.world);
  for (const event of events) tell(model, event);
  return events.length > 0;
}

/** The processes whose time has come end. */
function reap(model: Model): void {
  for (const sessions of model.world.observed.sessions.values()) {
    for (const session of sessions) {
      const death = session.run === undefined ? undefined : model.deaths.get(session.run);
      if (death && death.at <= model.world.now) endProcess(model, session, death.exit);
    }
  }
}

function nextMoment(model: Model, wakeAt: Millis | undefined): Millis | undefined {
  const deaths = [...model.deaths.values()].map(({ at }) => at).filter((at) => at > model.world.now);
  const times = wakeAt === undefined ? deaths : [...deaths, wakeAt];
  return times.length === 0 ? undefined : Math.min(...times);
}

function tick(model: Model, now: Millis): void {
  model.world = { ...model.world, now, observed: { ...model.world.observed, at: now } };
}

function tell(model: Model, event: Event): void {
  const { ledger, now } = model.world;
  const entry: Entry = { ...event, seq: ledger.seq + 1, at: now };
  model.events.push(entry);
  model.world = { ...model.world, ledger: record(ledger, entry) };
}

// ------------------------------------------------------------------------------------------------- Actions

const KINDS: Partial<Record<Action['do'], 'starting' | 'stopping'>> = {
  ...{ spawn: 'starting', respawn: 'starting' },
  ...{ end: 'stopping', remove: 'stopping' },
};

function begin(model: Model, action: Action): void {
  if (model.work.has(action.agent)) throw new Error(`${action.agent} is given a second action at once`);
  const said = saidBy(action);
  if (said) {
    for (const event of said) tell(model, event);
    return;
  }
  model.work.set(action.agent, stepsOf(action));
  const operation = { kind: KINDS[action.do] ?? 'changing', since: model.world.now, reason: action.reason } as const;
  setOperations(model, new Map(model.world.operations).set(action.agent, operation));
}

/** One step of everything that was begun; whether there was any. */
function stepAll(model: Model): boolean {
  const busy = [...model.work];
  for (const [agent, [step, ...rest]] of busy) {
    step?.(model);
    if (rest.length > 0) model.work.set(agent, rest);
    else finish(model, agent);
  }
  return busy.length > 0;
}

function finish(model: Model, agent: AgentName): void {
  model.work.delete(agent);
  const operations = new Map(model.world.operations);
  operations.delete(agent);
  setOperations(model, operations);
}

/** What was typed waits no longer. */
const taken =
  ({ agent, letter }: Extract<Action, { do: 'type' }>): Step =>
  (model) => {
    const waiting = (model.world.letters.get(agent) ?? []).filter(({ id }) => id !== letter.id);
    model.world = { ...model.world, letters: new Map(model.world.letters).set(agent, waiting) };
  };

function kill(model: Model): void {
  model.work.clear();
  setOperations(model, new Map());
}

function setOperations(model: Model, operations: World['operations']): void {
  model.world = { ...model.world, operations };
}

function stepsOf(action: Action): readonly Step[] {
  switch (action.do) {
    case 'spawn':
      return [makeSession(action.agent), ...startSteps(action)];
    case 'respawn':
      return startSteps(action);
    case 'end':
      return endSteps(action);
    case 'remove':
      return [...endSteps(action), closeSession(action.session), removedStep(action)];
    case 'update':
      return [relabel(action.agent, action.session, action.spec), updatedStep(action.agent, action.spec)];
    case 'type':
      return [...typingEvents(action).map((event) => (model: Model) => tell(model, event)), taken(action)];
    case 'nudge':
    case 'send':
      return typingEvents(action).map((event) => (model: Model) => tell(model, event));
    case 'hold':
    case 'release':
    case 'defer':
      throw new Error(`${action.do} takes no time`);
  }
}

function startSteps(action: Extract<Action, { do: 'spawn' | 'respawn' }>): readonly Step[] {
  const { agent, generation, reason, spec } = action;
  const life = { run: '', started: 0 };
  return [
    (model) => {
      model.runs += 1;
      life.run = `${agent}-run-${model.runs}`;
      life.started = model.world.now;
      fill(model, agent, { generation, fingerprint: spec.fingerprint, ...life });
    },
    (model) => tell(model, { type: 'started', agent, reason, generation, ...life, pid: 7, applied: appliedOf(spec) }),
  ];
}

function endSteps({ agent, reason, session }: Extract<Action, { do: 'end' | 'remove' }>): readonly Step[] {
  return [
    (model) => tell(model, { type: 'stopping', agent, run: session.run, reason }),
    (model) => {
      const found = sessionsOf(model, agent).find(({ id }) => id === session.id);
      if (found?.main.state === 'alive') endProcess(model, found, signal(15));
    },
  ];
}

const removedStep =
  ({ agent, reason, session }: Extract<Action, { do: 'remove' }>): Step =>
  (model) =>
    tell(model, { type: 'removed', agent, run: session.run, reason });

const updatedStep =
  (agent: AgentName, spec: AgentSpec): Step =>
  (model) =>
    tell(model, { type: 'updated', agent, fields: [], applied: appliedOf(spec) });

// ---------------------------------------------------------------------------------------------------- tmux

const sessionsOf = (model: Model, agent: AgentName) => model.world.observed.sessions.get(agent) ?? [];

function setSessions(model: Model, agent: AgentName, changed: readonly Session[]): void {
  const { observed } = model.world;
  const sessions = new Map(observed.sessions);
  if (changed.length === 0) sessions.delete(agent);
  else sessions.set(agent, changed);
  model.world = { ...model.world, observed: { ...observed, sessions } };
}

function change(model: Model, { agent, id }: Session, patch: Partial<Session>): void {
  setSessions(
    model,
    agent,
    sessionsOf(model, agent).map((session) => (session.id === id ? { ...session, ...patch } : session)),
  );
}

const makeSession =
  (agent: AgentName): Step =>
  (model) => {
    if (sessionsOf(model, agent).length > 0) throw new Error(`${agent} would be doubled`);
    if (model.world.observed.foreign.has(agent)) throw new Error(`the name ${agent} is taken`);
    model.runs += 1;
    const born = {
      generation: 0,
      run: undefined,
      fingerprint: undefined,
      started: undefined,
      shown: '',
      title: '',
      attached: false,
      typed: undefined,
      output: undefined,
    };
    const id = `$${100 + model.runs}`;
    setSessions(model, agent, [{ ...born, id, name: agent, agent, main: { state: 'empty', pane: `%${model.runs}` } }]);
  };

type Labels = Pick<Session, 'generation' | 'run' | 'fingerprint' | 'started'> & { readonly run: RunId };

/** Start a process in the pane of the only session; tmux refuses where one lives. */
function fill(model: Model, agent: AgentName, labels: Labels): void {
  const [session, ...others] = sessionsOf(model, agent);
  if (!session || others.length > 0) throw new Error(`${agent} has ${others.length} sessions too many`);
  if (session.main.state === 'alive') throw new Error(`${agent} lives already`);
  if (labels.generation <= session.generation) throw new Error(`${agent} lives life ${labels.generation} twice`);
  change(model, session, { ...labels, main: { state: 'alive', pane: '%1', pid: 7 } });
  const [fate, ...later] = model.fates.get(agent) ?? [];
  if (!fate) return;
  model.fates.set(agent, later);
  model.deaths.set(labels.run, { at: model.world.now + fate.lasts, exit: fate.exit });
}

function endProcess(model: Model, session: Session, exit: Exit): void {
  change(model, session, { main: { state: 'dead', pane: '%1', exit, at: model.world.now } });
  if (session.run !== undefined) model.deaths.delete(session.run);
}

const closeSession =
  ({ agent, id }: Session): Step =>
  (model) =>
    setSessions(
      model,
      agent,
      sessionsOf(model, agent).filter((session) => session.id !== id),
    );

const relabel =
  (agent: AgentName, session: Session, spec: AgentSpec): Step =>
  (model) => {
    const found = sessionsOf(model, agent).find(({ id }) => id === session.id);
    if (found) change(model, found, { fingerprint: spec.fingerprint });
  };
