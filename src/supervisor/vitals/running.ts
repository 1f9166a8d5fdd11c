import { ownerFirst } from '../../reconciler/pair.ts';
import type { AgentName, Observed, RunId, Session } from '../../reconciler/types.ts';

/** An agent whose program runs, in the session that is its own. */
export type Running = {
  readonly agent: AgentName;
  readonly session: Session;
  readonly run: RunId;
  /** Of its main process. */
  readonly pid: number;
};

/** All of them. */
export function runningIn(observed: Observed): readonly Running[] {
  if (!observed.known) return [];
  return [...observed.sessions].flatMap(([agent, sessions]): Running[] => {
    const [session] = ownerFirst(sessions);
    if (session?.run === undefined || session.main.state !== 'alive') return [];
    return [{ agent, session, run: session.run, pid: session.main.pid }];
  });
}
