import type { Action } from '../../reconciler/types.ts';
import type { Tmux } from '../../tmux/types.ts';
import { announce, type Colony } from '../colony.ts';
import { afterStart, maybeStart } from '../hooks/start.ts';
import { appliedOf, launchOf, newRunId } from '../launch.ts';
import { failureText, shownBy, takeOver } from '../observe.ts';
import { prepare } from '../starting/prepare.ts';
import { promptLater } from '../typing/prompt.ts';
import { offerToTheKernel } from '../vitals/protect.ts';

/** Give an agent a new life: in a new session, or in the one that its last life has left. */
export async function start(
  action: Extract<Action, { do: 'spawn' | 'respawn' }>,
  colony: Colony,
  tmux: Tmux,
  cutShort: AbortSignal,
): Promise<string | undefined> {
  if (!(await maybeStart(colony, action, cutShort))) return undefined;
  const { desired } = colony;
  if (!desired) return undefined;
  const { agent, generation, reason, spec } = action;
  const prepared = await prepare(colony, action);
  const run = newRunId(agent);
  const now = colony.clock();
  const launch = launchOf(spec, generation, run, {
    desired,
    base: colony.environment,
    home: colony.home,
    spool: colony.paths.spool,
    now,
    prepared,
  });
  const launched = await (action.do === 'spawn' ? tmux.spawn(launch) : tmux.respawn(action.session, launch));
  if (!launched.ok) return failureText(launched.error);
  const { pid, seen } = launched.value;
  announce(colony, { type: 'started', agent, reason, generation, run, started: now, pid, applied: appliedOf(spec) });
  offerToTheKernel(pid);
  takeOver(colony, undefined, shownBy(colony, seen));
  if (prepared.type !== undefined) promptLater(colony, agent, prepared.type);
  afterStart(colony, action, run, pid);
  return undefined;
}
