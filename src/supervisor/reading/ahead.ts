import { steadyReset } from '../../agents/reset-time.ts';
import type { Millis } from '../../reconciler/types.ts';

/** What is less than this may come from reading two clocks one after the other. */
const RESOLUTION: Millis = 1_000;

/** The reset of a limit as people read it, on the clock of the machine. `now` and `wall`: the present on both clocks. */
export function resetForPeople(until: Millis, now: Millis, wall: Millis): string {
  const ahead = now - wall;
  return new Date(Math.abs(ahead) < RESOLUTION ? until : until - steadyReset(0, ahead)).toISOString();
}

/**
 * By how much the colony's clock is ahead of the machine's, by which programs write down their times.
 *
 * They part as soon as the machine sleeps or its clock is set. In between the answer stays the same to the millisecond, so
 * that a time which is brought over twice is the same both times.
 */
export class Ahead {
  #ahead: Millis = 0;

  /** `now`: on the colony's clock. */
  at(now: Millis): Millis {
    const ahead = now - Date.now();
    if (Math.abs(ahead - this.#ahead) >= RESOLUTION) this.#ahead = ahead;
    return this.#ahead;
  }
}
