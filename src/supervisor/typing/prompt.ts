import type { AgentName, Letter } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';

/**
 * Have the first task of a new conversation typed, for programs that cannot be given it on their command line: as soon as
 * the program can take it. It is meant for the life that was started last alone, and forgotten with it.
 */
export function promptLater(colony: Colony, agent: AgentName, text: string): void {
  const { post, clock, desired, journal } = colony;
  const run = journal.ledger.agents.get(agent)?.run;
  if (run === undefined) return;
  // Nobody can tell when a program that is not known has nothing to do.
  const when = desired?.agents.get(agent)?.kind === 'shell' ? 'now' : 'idle';
  const what = { text, submit: true, literal: false };
  const letter: Letter = { id: post.nextId(), what, when, force: false, since: clock() };
  const unlisten = journal.listen((entry) => {
    const over = entry.type === 'server_lost' || (OVER.has(entry.type) && 'run' in entry && entry.run === run);
    if (!over) return;
    post.forget(agent, run);
    unlisten();
  });
  post.put({ agent, letter, run, ended: unlisten });
}

const OVER: ReadonlySet<string> = new Set(['exited', 'removed']);
