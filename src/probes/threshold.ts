import type { Finding } from '../reconciler/types/health.ts';
import type { ProbeSpec } from '../spec/probes.ts';

/** What the results of one probe have come to so far. */
export type Tally = {
  readonly verdict: 'healthy' | 'unhealthy' | undefined;
  /** The latest results, oldest first; true is a good one. No more than the thresholds look at. */
  readonly results: readonly boolean[];
};

/** How many results it takes; a probe's own numbers. */
export type Thresholds = Pick<ProbeSpec, 'success_threshold' | 'failure_threshold' | 'failures'>;

/** A probe that has the verdict of an earlier supervisor, or none. */
export const tallyOf = (verdict: Tally['verdict']): Tally => ({ verdict, results: [] });

/**
 * The thresholds of a probe. A hang must be seen twice: one look may fall between a program's last work and its next.
 */
export function thresholdsOf({ success_threshold, failure_threshold, failures, activity }: ProbeSpec): Thresholds {
  const least = activity === undefined ? 1 : 2;
  return {
    success_threshold,
    failure_threshold: Math.max(least, failure_threshold),
    failures: failures && { count: Math.max(least, failures.count), within: Math.max(least, failures.within) },
  };
}

/** One more result. One that is not known neither helps nor harms. */
export function tallied(tally: Tally, is: Finding['is'], thresholds: Thresholds): Tally {
  if (is === 'unknown') return tally;
  const results = [...tally.results, is === 'healthy'].slice(-memoryOf(thresholds));
  return { results, verdict: verdictOf(results, thresholds) ?? tally.verdict };
}

function memoryOf({ success_threshold, failure_threshold, failures }: Thresholds): number {
  return Math.max(success_threshold, failures ? failures.within : failure_threshold);
}

function verdictOf(results: readonly boolean[], thresholds: Thresholds): Tally['verdict'] {
  const { success_threshold, failure_threshold, failures } = thresholds;
  const failed = failures
    ? results.slice(-failures.within).filter((good) => !good).length >= failures.count
    : inARow(results, false) >= failure_threshold;
  if (failed) return 'unhealthy';
  return inARow(results, true) >= success_threshold ? 'healthy' : undefined;
}

/** How many of the latest results are `good`. */
function inARow(results: readonly boolean[], good: boolean): number {
  return results.length - 1 - results.lastIndexOf(!good);
}
