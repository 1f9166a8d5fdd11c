import { stopsWhatRuns } from '../ending.ts';
import type { History } from '../types.ts';
import { lastingAttention } from './attention.ts';
import { noHealth } from './empty.ts';
import type { Change, Of } from './entry.ts';

/** A new life because of other settings answers no failure, so it is no restart. */
export const started: Change<'started'> = (history, entry) => ({
  ...newLife(history, entry),
  applied: entry.applied,
  replace: undefined,
  restarts: history.restarts + (history.unanswered && entry.reason.code !== 'config_changed' ? 1 : 0),
  reason: entry.reason,
});

/** Whoever started it was ended before it could write that down. */
export const adopted: Change<'adopted'> = (history, entry) => ({
  ...newLife(history, entry),
  restarts: history.restarts + (history.unanswered ? 1 : 0),
  reason: { code: 'adopted' },
});

/** Settings that need no new process. */
export const updated: Change<'updated'> = (history, { applied }) => ({ ...history, applied });

/** What belonged to the life before says nothing of the new one. */
function newLife(history: History, { generation, run, started }: Of<'started' | 'adopted'>): History {
  return {
    ...history,
    generation,
    run,
    started,
    ending: undefined,
    unanswered: false,
    health: noHealth,
    deferred: {},
    veto: undefined,
    attention: lastingAttention(history),
    ...holdAfterStart(history),
  };
}

/** A person who stops an agent in the moment in which it is being started wants it stopped all the same. */
function holdAfterStart({ hold, hurry }: History): Pick<History, 'hold' | 'hurry'> {
  return hold && stopsWhatRuns(hold) ? { hold, hurry } : { hold: undefined, hurry: false };
}
