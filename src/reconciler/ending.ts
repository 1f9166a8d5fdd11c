import type { Hold, Reason, ReasonCode } from './types.ts';

/** Reasons to end a program that are its own failure: they count like a crash. */
const FAILURES: ReadonlySet<ReasonCode> = new Set([
  'startup_timeout',
  'liveness_failed',
  'hung',
  'memory_limit',
  'memory_growth',
  'cpu_busy',
]);

/** Whether a program that is ended for this reason has failed: then its restart waits, and counts, as after a crash. */
export function isFailure(reason: Reason): boolean {
  return FAILURES.has(reason.code);
}

/** Whether a hold also ends the program that runs. */
export function stopsWhatRuns(hold: Hold): boolean {
  return hold.stops === true || hold.reason.code === 'user_requested';
}
