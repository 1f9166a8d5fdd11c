import { backoffDelay } from './backoff.ts';
import { isLooping, loopingReason } from './crash-loop.ts';
import { endReason, isSuccess } from './exit.ts';
import type { AgentSpec, History, LastExit, Millis, Reason } from './types.ts';

/** What the restart policy says to an unplanned end, unless it says: start it again now. */
export type Answer =
  | { readonly is: 'failing'; readonly spec: AgentSpec; readonly reason: Reason }
  | { readonly is: 'completed'; readonly reason: Reason }
  | { readonly is: 'stopped'; readonly session: undefined; readonly reason: Reason }
  | { readonly is: 'backoff'; readonly until: Millis; readonly reason: Reason };

/** What the restart policy says to an unplanned end; undefined: start it again now. */
export function answerToExit(spec: AgentSpec, history: History, exit: LastExit, now: Millis): Answer | undefined {
  const { restart } = spec;
  const reason = endReason(history, exit);
  if (!exit.cause && exit.code !== undefined && restart.never_restart_exit_codes.includes(exit.code)) {
    return { is: 'failing', spec, reason: neverReason(exit.code, reason) };
  }
  const success = isSuccess(exit, restart.success_exit_codes);
  if (success && (restart.policy === 'on-failure' || restart.policy === 'never')) return { is: 'completed', reason };
  if (restart.policy === 'never') return { is: 'stopped', session: undefined, reason };
  const { restarts, window, action } = restart.crash_loop;
  if (action === 'hold' && isLooping(restart, history, now)) {
    return { is: 'failing', spec, reason: { code: 'crash_loop', restarts, window } };
  }
  const seed = exit.run ?? spec.name;
  const until = exit.at + backoffDelay(restart.backoff, { attempt: history.attempt, uptime: exit.uptime, seed });
  return until > now ? { is: 'backoff', until, reason: loopingReason(spec, history, now) ?? reason } : undefined;
}

/** 126 and 127 are what a shell says when it cannot execute, or cannot find, a program. */
function neverReason(code: number, otherwise: Reason): Reason {
  if (code === 126) return { code: 'command_not_executable', program: undefined };
  if (code === 127) return { code: 'command_not_found', program: undefined };
  return otherwise;
}
