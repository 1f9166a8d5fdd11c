import type { Kind } from '../reconciler/types.ts';
import { aiderKeyboard } from './aider/typing.ts';
import { claudeKeyboard } from './claude/typing.ts';
import { codexKeyboard } from './codex/typing.ts';
import { geminiKeyboard } from './gemini/typing.ts';
import type { Keyboard } from './keyboard.ts';
import { opencodeKeyboard } from './opencode/typing.ts';
import { LONGEST_TEXT, tooLong } from './prompting.ts';

/** How each kind is typed to; undefined: nothing is known of the program, so it gets what it gets. */
export const KEYBOARDS: { readonly [K in Kind]: Keyboard | undefined } = {
  claude: claudeKeyboard,
  codex: codexKeyboard,
  gemini: geminiKeyboard,
  opencode: opencodeKeyboard,
  aider: aiderKeyboard,
  shell: undefined,
};

/** What is to be pasted, or why that would do no good. `command`: the program is to take it as one of its own. */
export type Prepared =
  | { readonly ok: true; readonly text: string; readonly command: boolean }
  | { readonly ok: false; readonly why: string };

/** All but line breaks and tabs: a terminal takes them for keys, and one of them would end the paste. Halves of characters too. */
const UNTYPEABLE = /(?![\n\t])[\p{Cc}\p{Cs}]/u;

/** `/compact`, with or without words behind it, but no path. */
const COMMAND = /^\/[^\s/]+(?: .*)?$/;

/**
 * Bring a text into the form in which it is pasted.
 *
 * A line that begins as a command of the program is one, unless it is meant literally. Everything else is spelled so that the
 * program takes it as text: it may lose blanks and line breaks at its end.
 */
export function prepare(kind: Kind, written: string, literal: boolean): Prepared {
  const text = written.replace(/\r\n?/g, '\n');
  const bad = UNTYPEABLE.exec(text)?.[0];
  if (bad !== undefined) return { ok: false, why: `it holds the character ${codePoint(bad)}, which cannot be typed` };
  if (text.trim() === '') return { ok: false, why: 'there is nothing in it but blanks' };
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > LONGEST_TEXT) return { ok: false, why: tooLong(bytes) };
  const keyboard = KEYBOARDS[kind];
  if (!keyboard) return { ok: true, text, command: false };
  const whole = text.replace(/\n+$/, '');
  const command = !literal && COMMAND.test(whole);
  if (!command && keyboard.seized?.test(whole)) return { ok: false, why: SEIZED };
  return { ok: true, text: command ? whole : keyboard.spell(whole), command };
}

const SEIZED = 'it begins like a command of the program, which would take it for one';

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** So much of the end of a text must be seen where its beginning has scrolled out of the box. */
const ENOUGH = 40;

/** Whether this text, and nothing else, stands in the box. What wraps and how it is indented makes no difference. */
export function isWholeIn(box: string, text: string, { standIn }: Keyboard): boolean {
  if (standIn.test(box)) return true;
  const [seen, meant] = [letters(box), letters(text)];
  if (seen === meant) return meant !== '' || box !== '';
  return seen.length >= ENOUGH && meant.endsWith(seen);
}

/** What every terminal shows alike: no blanks, no marks above letters, no pictures. */
function letters(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\s\p{M}\p{C}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]/gu, '');
}
