import { type LastWord, lastWordOn } from '../../agents/last-words.ts';
import type { Action, ConversationId, History, Millis } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';

type Start = Extract<Action, { do: 'spawn' | 'respawn' }>;

/** Who lived longer than this did not end because of the id that it was started with. */
const AT_ONCE: Millis = 60_000;

/** So far above the visible lines a last word may have been pushed by what tmux writes below it. */
const ABOVE = 50;

/**
 * What the last life said of the conversation when it ended.
 *
 * It still stands on the screen: the start that asks is what will clear it. Without a screen, the lines that were
 * written down at its end have to do.
 */
export async function lastWordOf(
  colony: Colony,
  action: Start,
  id: ConversationId,
  history: History,
): Promise<LastWord | undefined> {
  const { lastExit } = history;
  if (!lastExit || lastExit.code === 0 || (lastExit.uptime ?? 0) > AT_ONCE) return undefined;
  return lastWordOn(action.spec.kind, id, (await screenOf(colony, action)) ?? lastExit.tail);
}

async function screenOf({ tmux }: Colony, action: Start): Promise<readonly string[] | undefined> {
  const main = action.do === 'respawn' ? action.session.main : undefined;
  if (main?.state !== 'dead') return undefined;
  const screen = await tmux?.capture(main.pane, { history: ABOVE });
  return screen?.ok ? screen.value : undefined;
}
