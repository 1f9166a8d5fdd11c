import { ownerFirst } from './pair.ts';
import type { AgentName, History, Ledger, Observed, RunId } from './types.ts';

/** A run that is over on purpose, of which something may still be alive. */
export type Leftover = { readonly agent: AgentName; readonly run: RunId };

/**
 * The runs whose end was colony's doing and may not have been carried through: whoever ended them can have been killed
 * between the end of the program and that of what it had started.
 *
 * A program that still lives is none: it is stopped again if that is still wanted. One that crashed is none either:
 * what it leaves behind is nobody's to take.
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
  return (ending !== undefined && ending.run === run) || (lastExit?.run === run && !lastExit?.unplanned);
}
