import type { Colony } from './colony.ts';
import { isHaunted } from './observe.ts';
import { runningIn } from './vitals/running.ts';

/**
 * Whether anything may be another than at the last look that nobody tells of; reports that nobody has told of are read.
 *
 * It asks the system, and tmux nothing: for a hundred programs that is a tenth of a millisecond, where a whole look takes
 * tmux alone several. What it cannot see (a session that is there no more has no program either) tmux tells.
 */
export function stirs(colony: Colony): boolean {
  const { observed, reader, reports, clock } = colony;
  void reports.read();
  // Folders, programs and memory that somebody waits for come without a word.
  if (!observed.known || isAnybodyDown(colony)) return true;
  const sessions = [...observed.sessions.values()].flat();
  return sessions.some(isHaunted) || reader.knowsAny(runningIn(observed), clock());
}

/** Whether an agent does not run that is meant to. */
export function isAnybodyDown({ desired, observed }: Colony): boolean {
  if (!observed.known || !desired) return false;
  return [...desired.agents.values()].some(
    ({ name, enabled }) => enabled && observed.sessions.get(name)?.[0]?.main.state !== 'alive',
  );
}
