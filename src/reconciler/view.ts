import { failuresWithin } from './backoff.ts';
import { loopingReason } from './crash-loop.ts';
import { differences } from './diff.ts';
import { noHistory } from './ledger.ts';
import { type Pairing, pair } from './pair.ts';
import { type Situation, situationOf } from './situation.ts';
import type { AgentName, AgentSpec, History, Millis, Phase, Reason, ReconcileInput, Session } from './types.ts';

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
  readonly recentFailures: number;
  /** Settings that differ between the file and what runs. */
  readonly drift: readonly string[];
};

/** Every agent of the file, and every session of ours that the file does not know. */
export function viewOf(input: ReconcileInput): readonly AgentView[] {
  const { observed, desired } = input;
  const sessions: ReadonlyMap<AgentName, readonly Session[]> = observed.known ? observed.sessions : new Map();
  return pair(desired, { sessions }).map((pairing) => viewAgent(pairing, input));
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
    phase: phaseOf(situation),
    reason: reasonOf(situation, history, input.now),
    since: sinceOf(situation, history, input.now),
    nextActionAt: situation.is === 'backoff' ? situation.until : undefined,
    recentFailures: failuresWithin(history.failures, window, input.now),
    drift:
      alive && spec && history.applied
        ? differences(history.applied.settings, spec.settings).map(({ field }) => field)
        : [],
  };
}

/** The word that status shows for a situation. */
const PHASES: { readonly [K in Situation['is']]: Phase | ((situation: Extract<Situation, { is: K }>) => Phase) } = {
  unknown: 'unknown',
  operating: ({ operation }) => operation.kind,
  duplicated: 'ready',
  orphan: 'stopping',
  disabled: ({ session }) => (session?.main.state === 'alive' ? 'stopping' : 'disabled'),
  stopped: ({ session }) => (session?.main.state === 'alive' ? 'stopping' : 'stopped'),
  held: 'held',
  failing: 'held',
  completed: 'completed',
  backoff: 'backoff',
  waiting: 'pending',
  startable: 'starting',
  outdated: 'ready',
  drifted: 'ready',
  live: 'ready',
};

export function phaseOf<K extends Situation['is']>(situation: Extract<Situation, { is: K }>): Phase {
  const phase = PHASES[situation.is as K] as Phase | ((situation: Extract<Situation, { is: K }>) => Phase);
  return typeof phase === 'function' ? phase(situation) : phase;
}

function reasonOf(situation: Situation, history: History, now: Millis): Reason | undefined {
  if (situation.is === 'operating') return situation.operation.reason;
  if (situation.is === 'orphan') return { code: 'removed_from_file' };
  if (situation.is === 'disabled') return { code: 'disabled' };
  if ('reason' in situation && situation.is !== 'drifted') return situation.reason;
  const looping = situation.is === 'live' ? loopingReason(situation.spec, history, now) : undefined;
  if (looping) return looping;
  // An agent that runs as it should has a reason to tell only if it did not simply start.
  return history.reason?.code === 'not_running' ? undefined : history.reason;
}

function sinceOf(situation: Situation, history: History, now: Millis): Millis | undefined {
  if (situation.is === 'operating') return situation.operation.since;
  if (situation.is === 'unknown' || situation.is === 'startable') return now;
  if (phaseOf(situation) === 'ready') return history.started;
  return history.changed === 0 ? undefined : history.changed;
}
