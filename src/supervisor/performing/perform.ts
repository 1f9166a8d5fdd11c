import type { Action } from '../../reconciler/types.ts';
import type { Tmux } from '../../tmux/types.ts';
import type { Colony } from '../colony.ts';
import { type } from '../typing/type.ts';
import { end } from './end.ts';
import { remove } from './remove.ts';
import { start } from './start.ts';
import { update } from './update.ts';

/** Does one step; the answer is why it failed, or undefined. Once `cutShort`, it waits for nothing any more. */
type Perform<A extends Action> = (
  action: A,
  colony: Colony,
  tmux: Tmux,
  cutShort: AbortSignal,
) => Promise<string | undefined>;

/** How each action is done; those that are only said never come here. */
const STEPS: { readonly [K in Action['do']]: Perform<Extract<Action, { do: K }>> } = {
  spawn: start,
  respawn: start,
  end,
  remove,
  update,
  nudge: type,
  send: type,
  type,
  hold: async () => undefined,
  release: async () => undefined,
  defer: async () => undefined,
};

/** Do one action; the answer is why it failed, or undefined. */
export const perform: Perform<Action> = (action, ...how) => (STEPS[action.do] as Perform<Action>)(action, ...how);
