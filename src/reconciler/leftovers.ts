import { ownerFirst } from './pair.ts';
import type { AgentName, History, Ledger, Observed, RunId } from './types.ts';

/** A run that is over, of which something may still be alive. */
export type Leftover = { readonly agent: AgentName; readonly run: RunId };

/**
 * The runs that are over and may have left something behind: whoever saw to their end can have been killed between the
 * end of the program and that of what it had started.
 *
 * A program that still lives is none: it is stopped again if that is still wanted.
 */
export function leftovers(observed: Extract<Observed, { known: true }>, ledger: Ledger): readonly Leftover[] {
  return [...ledger.agents].flatMap(([agent, history]) => {
    const { run } = history;
    if (run === undefined || !wasEnded(history)) return [];
    const [session] = ownerFirst(observed.sessions.get(agent) ?? []);
    return session?.main.state === 'alive' && session.run === run ? [] : [{ agent, run }];
  });
}

function wasEnded({ run, ending, lastExit }: History): boolean {
  return ending?.run === run || lastExit?.run === run;
}
