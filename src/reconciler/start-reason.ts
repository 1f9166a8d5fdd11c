import { differences } from './diff.ts';
import { endReason } from './exit.ts';
import { isOutdated } from './outdated.ts';
import type { AgentSpec, History, Reason, ReasonCode } from './types.ts';

/** Why an agent that does not run would be started now. */
export function startReason(spec: AgentSpec, history: History | undefined): Reason {
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
