import { failuresWithin } from './backoff.ts';
import { type Condition, conditionOf } from './condition.ts';
import { loopingReason } from './crash-loop.ts';
import { differences } from './diff.ts';
import type { Waits } from './gate.ts';
import { noHistory } from './ledger.ts';
import { type Pairing, pair } from './pair.ts';
import { type Situation, situationOf } from './situation.ts';
import type { AgentName, AgentSpec, History, Millis, Phase, Reason, ReconcileInput, Session } from './types.ts';
import type { Want } from './wants.ts';

/** One agent as status shows it. */
export type AgentView = {
  readonly agent: AgentName;
  readonly spec: AgentSpec | undefined;
  readonly session: Session | undefined;
  readonly history: History;
  readonly phase: Phase;
  readonly reason: Reason | undefined;
  readonly since: Millis | undefined;
  readonly nextActionAt: Millis | undefined;
  /** What ought to happen to it, and waits for a better moment. */
  readonly waits: Waiting | undefined;
  readonly recentFailures: number;
  /** Settings that differ between the file and what runs. */
  readonly drift: readonly string[];
};

/** Something that ought to happen to a program that runs, and what it waits for. */
export type Waiting = Waits & { readonly to: Want['to']['do']; readonly reason: Reason };

/** Every agent of the file, and every session of ours that the file does not know. */
export function viewOf(input: ReconcileInput): readonly AgentView[] {
  const { observed, desired } = input;
  const sessions: ReadonlyMap<AgentName, readonly Session[]> = observed.known ? observed.sessions : new Map();
  return pair(desired, { sessions }).map((pairing) => viewAgent(pairing, input));
}

/** The phase of every agent that has a session: what its status line is to say. */
export function phasesOf(input: ReconcileInput) {
  const { observed, desired, ledger } = input;
  if (!observed.known) return [];
  return pair(desired, observed).flatMap((pairing) => {
    const { agent, session } = pairing;
    const history = ledger.agents.get(agent) ?? noHistory;
    return session ? [{ agent, session, phase: phaseOf(situationOf(pairing, input), history) }] : [];
  });
}

function viewAgent(pairing: Pairing, input: ReconcileInput): AgentView {
  const { agent, spec, session } = pairing;
  const history = input.ledger.agents.get(agent) ?? noHistory;
  const situation = situationOf(pairing, input);
  const alive = session?.main.state === 'alive';
  const window = spec?.restart.crash_loop.window ?? 0;
  return {
    agent,
    spec,
    session,
    history,
    phase: phaseOf(situation, history),
    reason: reasonOf(situation, history, input.now),
    since: sinceOf(situation, history, input.now),
    nextActionAt: nextActionAt(situation),
    waits: waitingOf(situation),
    recentFailures: failuresWithin(history.failures, window, input.now),
    drift:
      alive && spec && history.applied
        ? differences(history.applied.settings, spec.settings).map(({ field }) => field)
        : [],
  };
}

/** The word that status shows for a situation; `alive`: what its probes say decides. */
const PHASES: {
  readonly [K in Situation['is']]: Phase | 'alive' | ((situation: Extract<Situation, { is: K }>) => Phase);
} = {
  unknown: 'unknown',
  operating: ({ operation }) => (operation.kind === 'changing' ? 'ready' : operation.kind),
  duplicated: 'ready',
  orphan: 'stopping',
  disabled: ({ session }) => (session?.main.state === 'alive' ? 'stopping' : 'disabled'),
  stopped: ({ session, reason }) => {
    if (session?.main.state === 'alive') return 'stopping';
    return reason.code === 'work_done' ? 'completed' : 'stopped';
  },
  vetoed: 'stopping',
  called: 'starting',
  held: 'held',
  failing: 'held',
  completed: 'completed',
  backoff: 'backoff',
  waiting: 'pending',
  startable: 'starting',
  outdated: 'alive',
  wanted: 'alive',
  deferred: 'alive',
  drifted: 'alive',
  live: 'alive',
};

/** The phase of an agent in this situation. */
export function phaseOf<K extends Situation['is']>(situation: Extract<Situation, { is: K }>, history: History): Phase {
  const phase = PHASES[situation.is as K] as Phase | 'alive' | ((situation: Extract<Situation, { is: K }>) => Phase);
  if (typeof phase === 'function') return phase(situation);
  return phase === 'alive' ? (conditionIn(situation, history)?.is ?? 'ready') : phase;
}

function conditionIn(situation: Situation, { health }: History): Condition | undefined {
  return PHASES[situation.is] === 'alive' && 'spec' in situation ? conditionOf(situation.spec, health) : undefined;
}

function reasonOf(situation: Situation, history: History, now: Millis): Reason | undefined {
  if (situation.is === 'operating') return situation.operation.reason;
  if (situation.is === 'orphan') return { code: 'removed_from_file' };
  if (situation.is === 'disabled') return { code: 'disabled' };
  if (situation.is === 'called') return situation.reason;
  const condition = conditionIn(situation, history);
  if (condition && condition.is !== 'ready') return condition.reason;
  if ('reason' in situation && situation.is !== 'drifted') return situation.reason;
  const looping = situation.is === 'live' ? loopingReason(situation.spec, history, now) : undefined;
  if (looping) return looping;
  // An agent that runs as it should has a reason to tell only if it did not simply start.
  return history.reason?.code === 'not_running' ? undefined : history.reason;
}

function sinceOf(situation: Situation, history: History, now: Millis): Millis | undefined {
  if (situation.is === 'operating') return situation.operation.since;
  if (situation.is === 'unknown' || situation.is === 'startable') return now;
  const condition = conditionIn(situation, history);
  if (condition?.is === 'ready') return readySince(history);
  if (condition?.is === 'starting') return history.started;
  return history.changed === 0 ? undefined : history.changed;
}

/** Since the last of its probes has passed; without any, since its start. */
function readySince({ started, health }: History): Millis | undefined {
  const passed = [health.startup?.since, health.readiness?.since].filter((at) => at !== undefined);
  return passed.length === 0 ? started : Math.max(...passed);
}

function nextActionAt(situation: Situation): Millis | undefined {
  if (situation.is === 'backoff' || situation.is === 'vetoed') return situation.until;
  return situation.is === 'deferred' ? situation.waits.until : undefined;
}

function waitingOf(situation: Situation): Waiting | undefined {
  if (situation.is !== 'deferred') return undefined;
  const { want, waits } = situation;
  return { ...waits, to: want.to.do, reason: want.reason };
}
