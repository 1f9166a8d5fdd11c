import { isFailure } from '../ending.ts';
import type { History, LastExit, Reason } from '../types.ts';
import { lastingAttention } from './attention.ts';
import type { Change, Of } from './entry.ts';
import { withFailure } from './failures.ts';
import { hasLiveRun, isOfDuplicate } from './run.ts';

/** From now on the end of this run is planned. */
export const stopping: Change<'stopping'> = (history, entry) => {
  if (isOfDuplicate(entry)) return undefined;
  const { run, reason } = entry;
  return { ...history, ending: { run, reason }, reason };
};

/**
 * A life has ended: as it was meant to, or by a failure that wants an answer.
 *
 * A late report about an earlier life must not touch the present one, nor a second one make a planned end a failure.
 */
export const exited: Change<'exited'> = (history, entry) => {
  if (entry.run !== history.run || !hasLiveRun(history)) return undefined;
  const asked = history.ending?.run === entry.run ? history.ending?.reason : undefined;
  const lastExit = lastExitOf(history, entry, asked);
  const over: History = {
    ...history,
    ending: undefined,
    deferred: {},
    veto: undefined,
    attention: lastingAttention(history),
    lastExit,
    unanswered: lastExit.unplanned,
    reason: asked ?? entry.reason,
  };
  if (!lastExit.unplanned) return over;
  return {
    ...over,
    attempt: entry.healthy ? 1 : history.attempt + 1,
    looping: history.looping && !entry.healthy,
    failures: withFailure(history, entry.ended),
  };
};

/** `asked`: why colony was ending it. */
function lastExitOf({ applied }: History, entry: Of<'exited'>, asked: Reason | undefined): LastExit {
  const { exit, run, generation, ended, uptime, oom } = entry;
  const cause = asked && isFailure(asked) ? asked : undefined;
  return {
    ...exit,
    run,
    generation,
    at: ended,
    uptime,
    oom,
    unplanned: !asked || cause !== undefined,
    cause,
    fingerprint: applied?.fingerprint,
    tail: [],
  };
}

/** What the program had left on its screen is read after its end, and may come when the next one runs. */
export const lastLines: Change<'last_lines'> = ({ lastExit, ...history }, { run, tail }) =>
  lastExit?.run === run ? { ...history, lastExit: { ...lastExit, tail } } : undefined;
