import type { Millis, Sample } from '../../reconciler/types.ts';

/** The latest samples are kept one by one: so many of them. */
const DENSE = 50;

/** Older ones are merged until they are this many times closer together than the whole time is long. */
const RESOLUTION = 90;

/**
 * The samples with one more, as far back as `horizon` and one beyond, so that all of that time is covered.
 *
 * Bounded: at most 240 whatever the horizon is. Where two are merged the later one stays, and its use of the CPU becomes
 * that of the time of both.
 */
export function withSample(samples: readonly Sample[], next: Sample, horizon: Millis): readonly Sample[] {
  const all = [...samples, next];
  const within = all.findIndex(({ at }) => at > next.at - horizon);
  const kept = all.slice(Math.max(0, within - 1));
  if (kept.length <= DENSE) return kept;
  return [...merged(kept.slice(0, -DENSE), horizon / RESOLUTION), ...kept.slice(-DENSE)];
}

/** Neighbours that are less than `spacing` apart, taken together, become one. */
function merged(samples: readonly Sample[], spacing: Millis): readonly Sample[] {
  const result: Sample[] = [];
  for (const sample of samples) {
    const last = result.at(-1);
    const before = result.at(-2);
    if (last && before && sample.at - before.at <= spacing) {
      result[result.length - 1] = { ...sample, cpu: overBoth(before.at, last, sample) };
    } else result.push(sample);
  }
  return result;
}

function overBoth(since: Millis, first: Sample, second: Sample): number | undefined {
  if (first.cpu === undefined || second.cpu === undefined) return second.cpu ?? first.cpu;
  const used = first.cpu * (first.at - since) + second.cpu * (second.at - first.at);
  return used / Math.max(1, second.at - since);
}
