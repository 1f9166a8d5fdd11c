import { readProcess } from '../../processes/table.ts';
import { marked } from '../../reconciler/said.ts';
import type { Action, Session } from '../../reconciler/types.ts';
import type { Tmux } from '../../tmux/types.ts';
import { announce, type Colony } from '../colony.ts';
import { mayStop, stopProgram } from './stop.ts';

/** End the program of an agent and leave its session, in which the next life begins. */
export async function end(
  action: Extract<Action, { do: 'end' }>,
  colony: Colony,
  tmux: Tmux,
  cutShort: AbortSignal,
): Promise<string | undefined> {
  const { agent, reason, session, mark } = action;
  if (hasEnded(session)) {
    tmux.poke();
    return undefined;
  }
  if (!(await mayStop(action, colony, cutShort))) return undefined;
  // It may have ended by itself while its hook was asked.
  if (lives(session, colony)) announce(colony, { type: 'stopping', agent, run: session.run, reason });
  for (const event of marked(agent, mark)) announce(colony, event);
  return stopProgram(action, colony, tmux, cutShort);
}

/** tmux takes a moment to notice that a program has ended, and until then it looks as if it had to be ended once more. */
function hasEnded({ main }: Session): boolean {
  if (main.state !== 'alive') return false;
  const proc = readProcess(main.pid);
  return proc === undefined || proc.zombie;
}

function lives({ agent, run }: Session, { journal }: Colony): boolean {
  return run === undefined || journal.ledger.agents.get(agent)?.lastExit?.run !== run;
}
