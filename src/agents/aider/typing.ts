import { fromMarkToCursor } from '../box.ts';
import type { Keyboard } from '../keyboard.ts';
import { plainStart } from '../spelling.ts';

/** After its own documentation; it has no box, but a prompt as a shell has. */
export const aiderKeyboard: Keyboard = {
  box: (view) => fromMarkToCursor(view, { mark: /^(?:[a-z-]+(?: multi)?)?> ?/, row: /^/ }),
  // It never shortens what is pasted.
  standIn: /^(?!)/,
  spell: (text) => plainStart(text, /^[!/]/),
  unknown: /Invalid command: \/\S+/,
  wipe: ['C-e', 'C-u'],
  confirms: false,
};
