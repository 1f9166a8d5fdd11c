import type { Command } from '../reconciler/types.ts';
import { readLine, type Word } from './simple-command.ts';

/**
 * The words of a program with some more behind those of the user, of which none is quoted anew.
 *
 * A line of the user's goes to the shell as it is written, and the shell puts the others behind it. A line that is more
 * than one simple command gets none: they would reach the wrong program.
 */
export function argvOf(command: Command, more: readonly string[]): readonly [string, ...string[]] {
  if (command.form === 'words') return [...command.words, ...more];
  const { line } = command;
  if (more.length === 0 || readLine(line).flaw !== undefined) return ['/bin/sh', '-c', line];
  return ['/bin/sh', '-c', `${line.trimEnd()} "$@"`, 'sh', ...more];
}

/** The words that the user has written, as far as they can be read without a shell. */
export function wordsOf(command: Command): readonly Word[] {
  if (command.form === 'words') return command.words.map((text) => ({ text, plain: true }));
  return readLine(command.line).words;
}

/** The value that an option has in a command, by `--option VALUE` or `--option=VALUE`; the last one counts. */
export function optionOf(words: readonly Word[], option: string): Word | undefined {
  const at = words.findLastIndex(({ text }) => text === option || text.startsWith(`${option}=`));
  const found = words[at];
  if (!found) return undefined;
  return found.text === option ? words[at + 1] : { ...found, text: found.text.slice(option.length + 1) };
}
