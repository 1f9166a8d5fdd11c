import type { History, LastExit, Ledger, Millis, Reason } from '../types.ts';
import type { Change, Of } from './entry.ts';
import { hasLiveRun, isOfDuplicate } from './run.ts';

/** With the session goes the last place where the end of its process could have been read. */
export const removed: Change<'removed'> = (history, entry) => {
  const { reason } = entry;
  if (isOfDuplicate(entry) || entry.run !== history.run) return undefined;
  const over = hasLiveRun(history) ? endedUnseen(history, entry.at) : history;
  return { ...over, ending: undefined, unanswered: false, reason };
};

/** The death of the tmux server is nobody's failure: every agent that ran has ended, and none has crashed. */
export function afterServerLoss({ agents }: Ledger, entry: Of<'server_lost'>): Ledger['agents'] {
  return new Map([...agents].map(([agent, history]) => [agent, lost(history, entry)]));
}

function lost(history: History, entry: Of<'server_lost'>): History {
  if (!hasLiveRun(history)) return history;
  const reason = history.ending?.reason ?? lossReason(entry);
  return { ...endedUnseen(history, entry.at), changed: entry.at, reason };
}

/** Why every agent has ended at once. */
export function lossReason({ rebooted }: Pick<Of<'server_lost'>, 'rebooted'>): Reason {
  return { code: rebooted ? 'rebooted' : 'tmux_server_lost' };
}

/** The run is over, it was nobody's failure, and nobody can say how the process ended. */
function endedUnseen(history: History, at: Millis): History {
  const lastExit: LastExit = {
    code: undefined,
    signal: undefined,
    run: history.run,
    generation: history.generation,
    at,
    uptime: history.started === undefined ? undefined : Math.max(0, at - history.started),
    oom: false,
    unplanned: false,
    fingerprint: history.applied?.fingerprint,
    tail: [],
  };
  return { ...history, lastExit, ending: undefined, unanswered: false };
}
