import type { Action } from '../../reconciler/types.ts';
import type { Tmux } from '../../tmux/types.ts';
import { announce, type Colony } from '../colony.ts';
import { failureText } from '../observe.ts';
import { forgetInjected } from '../starting/inject.ts';
import { isCopy, mayStop, stopProgram } from './stop.ts';

/** End the program of a session and take the session away. */
export async function remove(
  action: Extract<Action, { do: 'remove' }>,
  colony: Colony,
  tmux: Tmux,
  cutShort: AbortSignal,
): Promise<string | undefined> {
  const { agent, reason, session } = action;
  if (!(await mayStop(action, colony, cutShort))) return undefined;
  announce(colony, { type: 'stopping', agent, run: session.run, reason });
  // The real session must not be swept with its copy.
  const copied = isCopy(session, reason, colony);
  const failure = copied ? undefined : await stopProgram(action, colony, tmux, cutShort);
  if (failure !== undefined) return failure;
  const removed = await tmux.remove(session.id);
  if (!removed.ok) return failureText(removed.error);
  announce(colony, { type: 'removed', agent, run: session.run, reason });
  colony.departed.forget(agent);
  await forgetInjected(colony, agent);
  return undefined;
}
