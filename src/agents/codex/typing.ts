import { fromMarkToCursor } from '../box.ts';
import type { Keyboard, View } from '../keyboard.ts';
import { COMPLETES, plainEnd, plainStart } from '../spelling.ts';

/** Seen with Codex 0.169.0. */
export const codexKeyboard: Keyboard = {
  box,
  standIn: /^\[Pasted Content \d+ chars\]$/,
  spell: (text) => plainEnd(plainStart(text, /^[!/]/), COMPLETES),
  unknown: /Unrecognized command '\/\S+'/,
  wipe: ['C-e', 'C-u'],
  confirms: true,
};

/** The cursor is hidden while anything else than the box has the keyboard. `!`: what is typed is a command of the shell. */
function box(view: View): string | undefined {
  if (!view.cursor.shown) return undefined;
  const text = fromMarkToCursor(view, { mark: /^›(?: |$)/, row: /^ {2}/ });
  if (text !== undefined) return text;
  const command = fromMarkToCursor(view, { mark: /^!(?: |$)/, row: /^ {2}/ });
  return command === undefined ? undefined : `! ${command}`;
}
