import { fromMarkToCursor } from '../box.ts';
import type { Keyboard, View } from '../keyboard.ts';
import { COMPLETES, plainEnd, plainStart } from '../spelling.ts';

/** Seen with opencode 1.18.33. */
export const opencodeKeyboard: Keyboard = {
  box,
  standIn: /^\[Pasted ~\d+ lines\]$/,
  spell: (text) => plainEnd(plainStart(text, /^[!/]/), COMPLETES),
  unknown: undefined,
  wipe: ['C-e', 'C-u'],
  confirms: false,
};

/** A bar stands before every row of the box, and an empty row above its text. */
function box(view: View): string | undefined {
  if (!view.cursor.shown) return undefined;
  const text = fromMarkToCursor(view, { mark: /^\s*┃$/, row: /^\s*┃(?: {2}|$)/ });
  return text?.startsWith('Ask anything') ? '' : text;
}
