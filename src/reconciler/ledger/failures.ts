import type { History, Millis } from '../types.ts';
import type { Change } from './entry.ts';

/** More than any crash loop counts: `crash_loop.restarts` is at most 100. Older failures are forgotten. */
const KEPT = 200;

/** The failures of an agent with one more, which happened at this time. */
export function withFailure({ failures }: History, at: Millis): readonly Millis[] {
  return [...failures, at].slice(-KEPT);
}

/** It is said once: until the agent is healthy, or a person starts it. */
export const crashLooping: Change<'crash_looping'> = (history) => ({ ...history, looping: true });
