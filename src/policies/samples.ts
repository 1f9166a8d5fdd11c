import type { Millis, Sample } from '../reconciler/types.ts';

/**
 * The longest time between two looks at a process tree after which nothing is concluded from them: four times the five
 * seconds from one look to the next, so that a machine under load has time to miss some.
 */
const BLIND: Millis = 20_000;

/** Of a long time only some samples are kept: then this share of it may pass between two of them. */
const THINNED = 1 / 10;

/**
 * When it can be said that something was so for all of `span`, if it is still so then; undefined: it is not so now, or
 * that time is over.
 *
 * Looks come at times of their own. Who waits for the next one after the end of `span` is late by up to one of them.
 */
export function dueAfter(
  samples: readonly Sample[],
  span: Millis,
  now: Millis,
  holds: (sample: Sample) => boolean,
): Millis | undefined {
  const first = samples[samples.findLastIndex((sample) => !holds(sample)) + 1];
  const due = first && first.at + span;
  return due !== undefined && due > now ? due : undefined;
}

/**
 * The samples of the last `span`, oldest first; undefined if they do not cover it.
 *
 * The first is the last one that is at least as old as `span`: what they show together was so for all of that time. For
 * a span of nothing it is the last sample alone.
 */
export function samplesOf(samples: readonly Sample[], span: Millis, now: Millis): readonly Sample[] | undefined {
  const first = samples.findLastIndex(({ at }) => at <= now - span);
  const found = first === -1 ? [] : samples.slice(first);
  const blind = Math.max(BLIND, span * THINNED);
  const covered = found.every(({ at }, index) => (found[index + 1]?.at ?? now) - at <= blind);
  const enough = span === 0 ? 1 : 2;
  return covered && found.length >= enough ? found : undefined;
}
