import type { Millis } from '../reconciler/types.ts';

/** What Node.js can count in one timer, almost 25 days: a longer one would be over at once. */
export const LONGEST_TIMER: Millis = 2 ** 31 - 1;
