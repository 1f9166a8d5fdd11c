import type { History, RunId } from '../types.ts';
import type { Of } from './entry.ts';

/** Whether the ledger believes that a process of this agent runs: one was started and its end is not recorded. */
export function hasLiveRun(history: History): boolean {
  return history.run !== undefined && history.lastExit?.run !== history.run;
}

/** A late report about an earlier life must not touch the present one; `run` undefined: a session that lost its label. */
export function ofRun(history: History, run: RunId | undefined, change: Partial<History>): History | undefined {
  return run === undefined || run === history.run ? { ...history, ...change } : undefined;
}

/** What happens to a second session with the same labels is not the agent's own story, even if the run is the same. */
export function isOfDuplicate(entry: Of<'stopping' | 'removed'>): boolean {
  return entry.reason.code === 'duplicate';
}
