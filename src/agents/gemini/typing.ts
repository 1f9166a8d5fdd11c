import type { Keyboard, View } from '../keyboard.ts';
import { COMPLETES, CONTINUES, plainEnd, plainStart } from '../spelling.ts';

/** Seen with Gemini CLI 0.61.0. */
export const geminiKeyboard: Keyboard = {
  box,
  standIn: /^\[Pasted Text: \d+ \w+\]$/,
  spell: (text) => plainEnd(plainStart(plainEnd(text, CONTINUES), /^!/), COMPLETES),
  seized: /^\s*\/[^\s/*]*(?:\s|$)/,
  unknown: /Unknown command: \/\S+/,
  wipe: ['C-e', 'C-u'],
  confirms: false,
};

const SUGGESTION = 'Type your message or @path/to/file';

/** A hint, and padding, stand between the rule above the box and its first row. */
const HEAD = 5;

/** It stands between the last rule and the footer. The cursor of the terminal is below all of it, and never shown. */
function box({ lines }: View): string | undefined {
  const rule = lines.findLastIndex((line) => /^─{8,}/.test(line));
  const below = lines.slice(rule + 1).findIndex((line) => MARK.test(line));
  if (rule < 0 || below < 0 || below > HEAD) return undefined;
  const [first = '', ...others] = lines.slice(rule + 1 + below);
  const footer = others.findLastIndex((line) => line.startsWith(' workspace '));
  const rows = footer < 0 ? others : others.slice(0, footer);
  if (rows.some((row) => row.trim() !== '' && !row.startsWith('   '))) return undefined;
  const text = [first.replace(MARK, ''), ...rows.map((row) => row.slice(3))].join('\n').trim();
  return text === SUGGESTION ? '' : text;
}

const MARK = /^ [>!*](?: |$)/;
