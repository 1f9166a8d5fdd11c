import type { Hold } from '../types.ts';
import type { Change, Of } from './entry.ts';

/** The agent is not started again until something outside changes; with `stops` what runs is ended, too. */
export const held: Change<'held'> = (history, entry) => ({
  ...history,
  hold: holdOf(entry),
  hurry: entry.now ?? false,
  reason: entry.reason,
});

function holdOf({ reason, at, fingerprint, stops }: Of<'held'>): Hold {
  return { reason, since: at, fingerprint, ...(stops ? { stops } : {}) };
}

/** With the hold goes all that had led to it. */
export const released: Change<'released'> = (history, { reason }) => ({
  ...history,
  hold: undefined,
  failures: [],
  attempt: 0,
  looping: false,
  unanswered: false,
  veto: undefined,
  hurry: false,
  reason,
});

/** A person wants this very run replaced: a later one is not meant. */
export const restartRequested: Change<'restart_requested'> = (history, entry) => ({
  ...history,
  replace: entry.run,
  hurry: entry.now ?? false,
});
