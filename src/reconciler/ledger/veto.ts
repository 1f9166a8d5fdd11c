import type { History, Reason } from '../types.ts';
import type { Change, Of } from './entry.ts';
import { withFailure } from './failures.ts';

/** A hook whose failure kept nothing from happening changes nothing. */
export const hookFailed: Change<'hook_failed'> = (history, entry) => (entry.veto ? vetoed(history, entry) : undefined);

/** A start that was vetoed has failed; a stop that was vetoed has only to be tried again. */
function vetoed(history: History, { hook, why, run, at }: Of<'hook_failed'>): History {
  const times = history.veto?.hook === hook ? history.veto.times + 1 : 1;
  const veto = { hook, why, at, times, run };
  const reason: Reason = { code: 'hook_failed', hook, why };
  if (run !== undefined) return { ...history, veto };
  return { ...history, veto, reason, failures: withFailure(history, at) };
}
