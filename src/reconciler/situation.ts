import { backoffDelay, failuresWithin } from './backoff.ts';
import { dependenciesMissing } from './depends.ts';
import { differences } from './diff.ts';
import { exitReason, isSuccess } from './exit.ts';
import { fingerprintOf, isOutdated } from './outdated.ts';
import type { Pairing } from './pair.ts';
import type {
  AgentSpec,
  History,
  LastExit,
  Millis,
  Operation,
  Reason,
  ReasonCode,
  ReconcileInput,
  Session,
} from './types.ts';

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
  | { readonly is: 'outdated'; readonly spec: AgentSpec; readonly session: Session; readonly reason: Reason }
  | { readonly is: 'drifted'; readonly spec: AgentSpec; readonly session: Session; readonly reason: Reason }
  | { readonly is: 'live'; readonly spec: AgentSpec; readonly session: Session };

/** Look at one agent from all sides. The order of the questions is the precedence of the answers. */
export function situationOf(pairing: Pairing, input: ReconcileInput): Situation {
  if (!input.observed.known) return { is: 'unknown', reason: { code: 'tmux_unreachable', why: input.observed.why } };
  const operation = input.operations.get(pairing.agent);
  if (operation) return { is: 'operating', operation };
  const [extra] = pairing.duplicates;
  if (extra) return { is: 'duplicated', extra };
  const { spec, session } = pairing;
  if (!spec) return session ? { is: 'orphan', session } : { is: 'disabled', session };
  if (!spec.enabled) return { is: 'disabled', session };
  const history = input.ledger.agents.get(pairing.agent);
  if (history?.hold?.reason.code === 'user_requested') return { is: 'stopped', session, reason: history.hold.reason };
  if (session?.main.state === 'alive') return whileAlive(spec, session, history);
  return whileDown(spec, session, history, input);
}

function whileAlive(spec: AgentSpec, session: Session, history: History | undefined): Situation {
  if (history?.replace !== undefined && history.replace === session.run) {
    return { is: 'outdated', spec, session, reason: { code: 'user_requested' } };
  }
  const applied = history?.applied;
  const label = session.fingerprint ?? applied?.fingerprint;
  const changed = applied ? differences(applied.settings, spec.settings).map(({ field }) => field) : [];
  if (isOutdated(label, spec)) {
    return { is: 'outdated', spec, session, reason: { code: 'config_changed', fields: changed } };
  }
  const relabel = session.fingerprint !== spec.fingerprint || !applied;
  if (!relabel && changed.length === 0) return { is: 'live', spec, session };
  const reason: Reason = applied ? { code: 'config_changed', fields: changed } : { code: 'adopted' };
  return { is: 'drifted', spec, session, reason };
}

function whileDown(
  spec: AgentSpec,
  session: Session | undefined,
  history: History | undefined,
  input: ReconcileInput,
): Situation {
  const hold = history?.hold;
  // A hold that was earned by other settings does not bind the new ones.
  if (hold && !isOutdated(hold.fingerprint, spec)) return { is: 'held', reason: hold.reason };
  const obstacle = input.observed.known ? input.observed.obstacles.get(spec.name) : undefined;
  if (obstacle) return { is: 'held', reason: obstacle };
  const exit = history?.unanswered ? history.lastExit : undefined;
  if (history && exit && !isOutdated(fingerprintOf(exit, session), spec)) {
    const answer = answerToExit(spec, history, exit, input.now);
    if (answer) return answer;
  }
  const missing = dependenciesMissing(spec, input);
  if (missing.length > 0) return { is: 'waiting', reason: { code: 'dependency_not_ready', agents: missing } };
  return { is: 'startable', spec, session, reason: startReason(spec, history) };
}

/** What the restart policy says to an unplanned end; undefined: start it again now. */
function answerToExit(spec: AgentSpec, history: History, exit: LastExit, now: Millis): Situation | undefined {
  const { restart } = spec;
  const reason = endReason(history, exit);
  if (exit.code !== undefined && restart.never_restart_exit_codes.includes(exit.code)) {
    return { is: 'failing', spec, reason: neverReason(exit.code, reason) };
  }
  const success = isSuccess(exit, restart.success_exit_codes);
  if (success && (restart.policy === 'on-failure' || restart.policy === 'never')) return { is: 'completed', reason };
  if (restart.policy === 'never') return { is: 'stopped', session: undefined, reason };
  const { crash_loop: loop } = restart;
  const recent = failuresWithin(history.failures, loop.window, now);
  if (loop.action === 'hold' && recent > loop.restarts) {
    return { is: 'failing', spec, reason: { code: 'crash_loop', restarts: loop.restarts, window: loop.window } };
  }
  const seed = exit.run ?? spec.name;
  const until = exit.at + backoffDelay(restart.backoff, { attempt: history.attempt, uptime: exit.uptime, seed });
  return until > now ? { is: 'backoff', until, reason } : undefined;
}

/** 126 and 127 are what a shell says when it cannot execute, or cannot find, a program. */
function neverReason(code: number, otherwise: Reason): Reason {
  if (code === 126) return { code: 'command_not_executable', program: undefined };
  if (code === 127) return { code: 'command_not_found', program: undefined };
  return otherwise;
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

/** Of what a person closed by hand nobody saw how it ended; that it was closed says more. */
function endReason({ reason }: History, exit: LastExit): Reason {
  return reason?.code === 'pane_closed' || reason?.code === 'session_closed' ? reason : exitReason(exit);
}

/** Reasons of an end that are the reason of the next start as well. */
const CARRIED: ReadonlySet<ReasonCode> = new Set(['config_changed', 'user_requested', 'tmux_server_lost', 'rebooted']);
