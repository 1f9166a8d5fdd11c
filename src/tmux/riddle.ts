import type { Session } from '../reconciler/types.ts';
import type { Reading, Riddle } from './sighting.ts';
import type { Sighting } from './types.ts';

/**
 * What remains unexplained after the last look. A process that was still there when it began may have let go of its
 * terminal and live on, so nothing else may be started in its place; if it has just ended, tmux is about to tell.
 */
export function solved(reading: Reading, gone: ReadonlySet<number>): Sighting {
  const alive = new Map(reading.riddles.filter(({ pid }) => !gone.has(pid)).map(({ session, pid }) => [session, pid]));
  if (alive.size === 0) return { sessions: reading.sessions, foreign: reading.foreign };
  const revived = (session: Session): Session => {
    const pid = alive.get(session);
    if (pid === undefined || session.main.state !== 'dead') return session;
    return { ...session, main: { state: 'alive', pane: session.main.pane, pid } };
  };
  const sessions = new Map([...reading.sessions].map(([agent, list]) => [agent, list.map(revived)]));
  return { sessions, foreign: reading.foreign };
}

/** Whether the process exists at all, be it as a zombie that tmux has not asked about yet. */
export function isThere(riddle: Riddle): boolean {
  try {
    process.kill(riddle.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
