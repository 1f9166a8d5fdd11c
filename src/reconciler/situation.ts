import { adviceFor } from './advised.ts';
import { type Answer, answerToExit } from './answer.ts';
import { type Pause, pauseOf } from './circuit.ts';
import { dependenciesMissing } from './depends.ts';
import { differences } from './diff.ts';
import { stopsWhatRuns } from './ending.ts';
import { endReason } from './exit.ts';
import { fingerprintOf, isOutdated } from './outdated.ts';
import type { Pairing } from './pair.ts';
import { stuckAmong } from './stuck.ts';
import type {
  Advice,
  AgentName,
  AgentSpec,
  History,
  Hold,
  Mark,
  Millis,
  Operation,
  Reason,
  ReasonCode,
  ReconcileInput,
  Session,
} from './types.ts';
import { startVeto, vetoOf } from './veto.ts';
import { type AliveSituation, whileAlive } from './while-alive.ts';

/** What is the matter with one agent at this moment. Derived in every pass; each member carries what its handler needs. */
export type Situation =
  | { readonly is: 'unknown'; readonly reason: Reason }
  | { readonly is: 'operating'; readonly operation: Operation }
  | { readonly is: 'duplicated'; readonly extra: Session }
  | { readonly is: 'orphan'; readonly session: Session }
  | { readonly is: 'disabled'; readonly session: Session | undefined }
  | { readonly is: 'stopped'; readonly session: Session | undefined; readonly reason: Reason }
  | { readonly is: 'held'; readonly reason: Reason }
  | { readonly is: 'completed'; readonly reason: Reason }
  | { readonly is: 'failing'; readonly spec: AgentSpec; readonly reason: Reason }
  | { readonly is: 'backoff'; readonly until: Millis; readonly reason: Reason }
  | { readonly is: 'waiting'; readonly reason: Reason }
  | {
      readonly is: 'startable';
      readonly spec: AgentSpec;
      readonly session: Session | undefined;
      readonly reason: Reason;
    }
  /** A schedule starts what was stopped by a policy, or has done its work; or the file asks for other work. */
  | { readonly is: 'called'; readonly reason: Reason; readonly mark?: Mark }
  /** Its hook does not let it be ended yet. */
  | { readonly is: 'vetoed'; readonly until: Millis; readonly session: Session; readonly reason: Reason }
  | AliveSituation;

/**
 * Look at one agent from all sides. The order of the questions is the precedence of the answers.
 *
 * `asked`: agents that were looked at on the way here, along the dependencies; none is looked at twice.
 */
export function situationOf(pairing: Pairing, input: ReconcileInput, asked = new Set<AgentName>()): Situation {
  const situation = lookAt(pairing, input, asked);
  return vetoOf(situation, pairing, input) ?? situation;
}

function lookAt(pairing: Pairing, input: ReconcileInput, asked: Set<AgentName>): Situation {
  if (!input.observed.known) return { is: 'unknown', reason: { code: 'tmux_unreachable', why: input.observed.why } };
  const operation = input.operations.get(pairing.agent);
  if (operation) return { is: 'operating', operation };
  const [extra] = pairing.duplicates;
  if (extra) return { is: 'duplicated', extra };
  const { spec, session } = pairing;
  if (!spec) return session ? { is: 'orphan', session } : { is: 'disabled', session };
  if (!spec.enabled) return { is: 'disabled', session };
  const history = input.ledger.agents.get(pairing.agent);
  if (history?.hold && stopsWhatRuns(history.hold)) return whileStopped(history.hold, pairing, input);
  if (session?.main.state === 'alive') return whileAlive(spec, session, input);
  return whileDown({ spec, session, history, input, asked: asked.add(spec.name) });
}

/**
 * What a person has stopped is for a person to start; a schedule may start what a policy has stopped. Work that was done
 * with other settings is begun anew.
 */
function whileStopped(hold: Hold, { agent, spec, session }: Pairing, input: ReconcileInput): Situation {
  const { reason } = hold;
  if (reason.code === 'user_requested' || session?.main.state === 'alive') return { is: 'stopped', session, reason };
  if (spec && reason.code === 'work_done' && isOutdated(hold.fingerprint, spec)) {
    return { is: 'called', reason: startReason(spec, input.ledger.agents.get(agent)) };
  }
  const call = callOf(agent, input);
  return call ? called(call) : { is: 'stopped', session, reason };
}

function called({ reason, mark }: Advice): Situation {
  return { is: 'called', reason, ...(mark ? { mark } : {}) };
}

function callOf(agent: AgentName, input: ReconcileInput): Advice | undefined {
  return adviceFor(agent, undefined, input).find(({ wish }) => wish.do === 'start');
}

type Down = {
  readonly spec: AgentSpec;
  readonly session: Session | undefined;
  readonly history: History | undefined;
  readonly input: ReconcileInput;
  readonly asked: Set<AgentName>;
};

function whileDown(down: Down): Situation {
  const { spec, history, input } = down;
  const hold = history?.hold;
  // A hold that was earned by other settings does not bind the new ones.
  if (hold && !isOutdated(hold.fingerprint, spec)) return { is: 'held', reason: hold.reason };
  const obstacle = input.observed.known ? input.observed.obstacles.get(spec.name) : undefined;
  if (obstacle) return { is: 'held', reason: obstacle };
  const { answer, pause } = answersTo(down);
  if (answer) return answered(answer, down, pause);
  return startVeto(spec, history, input.now) ?? waitingOf(down) ?? (pause ? paused(pause) : startable(down));
}

function answered(answer: Answer, { spec, input }: Down, pause: Pause | undefined): Situation {
  if (answer.is === 'backoff' && pause && pause.until > answer.until) return paused(pause);
  const call = answer.is === 'completed' ? callOf(spec.name, input) : undefined;
  return call ? called(call) : answer;
}

/** Others have to be there first, or memory. */
function waitingOf({ spec, history, input, asked }: Down): Situation | undefined {
  const missing = dependenciesMissing(spec, input);
  if (missing.length > 0) {
    const stuck = stuckAmong(missing, input, (pairing) => situationOf(pairing, input, asked), asked);
    return { is: 'waiting', reason: { code: 'dependency_not_ready', agents: missing, stuck } };
  }
  const scarce = memoryShort(startReason(spec, history), input);
  return scarce ? { is: 'waiting', reason: scarce } : undefined;
}

function startable({ spec, session, history }: Down): Situation {
  return { is: 'startable', spec, session, reason: startReason(spec, history) };
}

function paused({ until, reason }: Pause): Situation {
  return { is: 'backoff', until, reason };
}

/** What the agent's own policy and what the circuit breaker say to an end that was not answered yet. */
function answersTo({ spec, session, history, input }: Down): {
  answer?: Answer | undefined;
  pause?: Pause | undefined;
} {
  const exit = history?.unanswered ? history.lastExit : undefined;
  if (!history || !exit || isOutdated(fingerprintOf(exit, session), spec)) return {};
  return { answer: answerToExit(spec, history, exit, input.now), pause: pauseOf(spec, exit, input) };
}

function startReason(spec: AgentSpec, history: History | undefined): Reason {
  const exit = history?.lastExit;
  if (!history || !exit) return { code: 'not_running' };
  if (history.applied && isOutdated(history.applied.fingerprint, spec)) {
    const changed = differences(history.applied.settings, spec.settings);
    return { code: 'config_changed', fields: changed.map(({ field }) => field) };
  }
  if (history.unanswered) return endReason(history, exit);
  const { reason } = history;
  return reason && CARRIED.has(reason.code) ? reason : { code: 'not_running' };
}

/** Reasons of an end that are the reason of the next start as well. */
const CARRIED: ReadonlySet<ReasonCode> = new Set([
  'config_changed',
  'user_requested',
  'scheduled',
  'max_age',
  'context_full',
  'idle',
  'limit_reset',
  'waiting',
  'tmux_server_lost',
  'rebooted',
]);

/** Nothing is started by itself while memory is short; what a person asks for is. */
function memoryShort(reason: Reason, { machine, desired }: ReconcileInput): Reason | undefined {
  const { memory_reserve: reserve } = desired.concurrency;
  const { memoryAvailable: available } = machine;
  if (available === undefined || available >= reserve || reason.code === 'user_requested') return undefined;
  return { code: 'memory_reserve', available, reserve };
}
