import type { Millis, Source } from '../reconciler/types.ts';
import type { Sign } from './reading.ts';

/** The most trustworthy first. */
const LADDER: readonly Source[] = ['report', 'record', 'title', 'hook', 'transcript', 'screen', 'journal', 'output'];

/** A screen that was seen so much later than a message came knows better: an interruption sends no message. */
const OVERTAKEN: Millis = 2_000;

/**
 * The signs in the order in which they are trusted. What is looked at now and then, as a title, is behind what a
 * conversation has told since.
 */
export function inOrder(signs: readonly Sign[]): readonly Sign[] {
  const overtaken = signs.find(({ source }) => source === 'screen');
  const title = signs.find(({ source }) => source === 'title');
  const rank = ({ source, at }: Sign) => {
    if (source === 'transcript' && title && at > title.at) return LADDER.indexOf('title') - 0.5;
    return source === 'hook' && overtaken?.since !== undefined && overtaken.since > at + OVERTAKEN
      ? LADDER.indexOf('screen') + 0.5
      : LADDER.indexOf(source);
  };
  return signs.toSorted((one, other) => rank(one) - rank(other));
}

/**
 * The sign that counts; undefined: there is none.
 *
 * The most trustworthy one, but for this: a program that calls itself idle may wait for a login or for the reset of a
 * limit, or show a dialog that it does not take for one. What says so then counts.
 */
export function whichCounts(signs: readonly Sign[], now: Millis): Sign | undefined {
  const [first, ...others] = inOrder(signs);
  if (first?.state !== 'idle' || first.source === 'report') return first;
  const reasons = others.filter((sign) => explainsIdleness(sign, first));
  // A dialog about a limit that is not reset yet is less than the limit itself; afterwards it is what is left.
  const limit = reasons.find(({ state, until = now }) => state === 'limited' && until > now);
  return limit ?? reasons.find(({ source }) => source === 'screen') ?? reasons[0] ?? first;
}

/** What was asked for in a message may have been answered since: only what the screen shows is so now. */
function explainsIdleness({ source, state, for: what, at }: Sign, idle: Sign): boolean {
  if (source === 'output') return false;
  if (source === 'screen') return state === 'waiting' || state === 'limited';
  if (state !== 'limited' && !(state === 'waiting' && what === 'login')) return false;
  return idle.source !== 'transcript' || idle.at <= at;
}
