import { fromMarkToCursor } from '../box.ts';
import type { Keyboard, View } from '../keyboard.ts';
import { COMPLETES, CONTINUES, plainEnd, plainStart } from '../spelling.ts';

/** Seen with Gemini CLI 0.61.0. */
export const geminiKeyboard: Keyboard = {
  box,
  standIn: /^\[Pasted Text: \d+ \w+\]$/,
  spell: (text) => plainEnd(plainStart(plainEnd(text, CONTINUES), /^[!/]/), COMPLETES),
  unknown: /Unknown command: \/\S+/,
  wipe: ['C-e', 'C-u'],
  confirms: false,
};

const SUGGESTION = 'Type your message or @path/to/file';

function box(view: View): string | undefined {
  const text = fromMarkToCursor(view, { mark: /^ [>!*](?: |$)/, row: /^ {3}/ });
  return text === SUGGESTION ? '' : text;
}
