import type { Keyboard, View } from '../keyboard.ts';
import { COMPLETES, CONTINUES, plainEnd, plainStart } from '../spelling.ts';

/** Seen with Claude Code 2.1.329, in both of its renderers. */
export const claudeKeyboard: Keyboard = {
  box,
  standIn: /^\[Pasted text #\d+(?: \+\d+ lines)?\]$/,
  spell,
  unknown: /Unknown command: \/\S+/,
  wipe: ['C-e', 'C-u'],
  confirms: true,
  aside: { key: 'C-s', taken: /draft stashed/ },
};

/** A paste of so many lines is one to it, whatever it begins with: it is wrapped, and the box shows a word for it. */
const PASTE = 4;

/** The name of a command, and no path. */
const COMMAND = /^\s*\/[^\s/]+(?:\s|$)/;

/**
 * `!` begins a command of the shell, and a blank before it hides that. A blank before one of its own commands hides nothing, not
 * even where other lines follow: only as a paste is it text.
 */
function spell(text: string): string {
  const ended = plainEnd(plainEnd(text, CONTINUES), COMPLETES);
  if (!COMMAND.test(ended)) return plainStart(ended, /^!/);
  return `${ended}${'\n'.repeat(Math.max(0, PASTE - ended.split('\n').length))}`;
}

/** The two rules around the box; a name may stand in the upper one. */
const RULE = /^─{8,}(?: .* ─+)?$/;

/** Behind the mark stands a blank that does not break lines; `!`: what is typed is a command of the shell. */
const MARK = /^([❯!])(?:\s|$)/;

/** While prompts wait, it says so where a draft would stand. */
const QUEUED = 'Press up to edit queued messages';

/** The lowest two rules, with a mark behind the upper one and the cursor between them. In a dialog there are none. */
function box({ lines, bright, cursor }: View): string | undefined {
  const lower = lines.findLastIndex((line) => RULE.test(line));
  const upper = lines.slice(0, Math.max(lower, 0)).findLastIndex((line) => RULE.test(line));
  const mark = MARK.exec(lines[upper + 1] ?? '')?.[1];
  if (upper < 0 || mark === undefined || cursor.y <= upper || cursor.y >= lower) return undefined;
  const written = textOf(lines.slice(upper + 1, lower));
  const typed = textOf(bright.slice(upper + 1, lower));
  const nothing = written === QUEUED || (typed.length <= 1 && written.length > typed.length);
  // The cursor stands on the first letter of a suggestion, which is not dim therefore.
  const text = nothing ? '' : typed;
  return mark === '!' ? `! ${text}`.trim() : text;
}

function textOf(rows: readonly string[]): string {
  const [first = '', ...others] = rows;
  return [first.replace(MARK, ''), ...others.map((row) => row.replace(/^ {1,2}/, ''))].join('\n').trim();
}
