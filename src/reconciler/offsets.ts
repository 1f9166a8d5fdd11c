import type { Millis, Offset } from './types.ts';

/** What is less than this may come from reading two clocks one after the other. */
const RESOLUTION: Millis = 1_000;

const MINUTE: Millis = 60_000;

/** A laptop that wakes up every ten minutes all through the night does so for a week. */
const MOST = 500;

/** What the machine's clock showed at an instant of the colony's, or will show if it neither sleeps nor is set again. */
export function wallOf(offsets: readonly Offset[], at: Millis): Millis {
  return at - (offsets.findLast(({ since }) => since <= at)?.ahead ?? 0);
}

/**
 * The instant of the colony's clock at which the machine's showed a time.
 *
 * A time that it has shown twice is the later one; one that it never showed is when it was passed over.
 */
export function steadyOf(offsets: readonly Offset[], wall: Millis): Millis {
  let end = Number.POSITIVE_INFINITY;
  for (const { since, ahead } of offsets.toReversed()) {
    if (wall + ahead >= since) return Math.min(wall + ahead, end);
    end = Math.min(end, since);
  }
  return Math.min(wall, end);
}

/** By how much the colony's clock is ahead of the machine's at present. */
export function presentAhead(offsets: readonly Offset[]): Millis {
  return offsets.at(-1)?.ahead ?? 0;
}

/**
 * The reset of a usage limit, which is told by the machine's clock, on the colony's, which is `ahead` of it.
 *
 * What is told to the minute stays so, and nothing comes too early: whole minutes are brought over, rounded up.
 */
export function steadyReset(until: Millis, ahead: Millis): Millis {
  return until + Math.ceil(ahead / MINUTE) * MINUTE;
}

/**
 * The offset that holds by now, if it is another one than is known: the machine has slept, or its clock was set.
 *
 * `now` and `wall`: the present on both clocks. Whatever happened since the two were last looked at (`seen`) belongs to it:
 * what is done after a sleep may be written down before anybody notices that there was one.
 */
export function steppedBy(
  offsets: readonly Offset[],
  { seen, now, wall }: { readonly seen: Millis; readonly now: Millis; readonly wall: Millis },
): Offset | undefined {
  const ahead = Math.abs(now - wall) < RESOLUTION ? 0 : now - wall;
  if (Math.abs(ahead - presentAhead(offsets)) < RESOLUTION) return undefined;
  return { since: Math.min(seen + 1, now), ahead };
}

/** Those of so long ago that they are not kept any more count as the oldest that is. */
export function withOffset(offsets: readonly Offset[], { since, ahead }: Offset): readonly Offset[] {
  const all = [...offsets, { since, ahead }];
  const [oldest, ...later] = all.slice(-MOST);
  return all.length <= MOST || oldest === undefined ? all : [{ ...oldest, since: 0 }, ...later];
}
