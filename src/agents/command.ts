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
  const { words, flaw } = readLine(line);
  if (more.length === 0 || flaw !== undefined) return ['/bin/sh', '-c', line];
  const instead = beginsWithProgram(line, words) ? 'exec ' : '';
  return ['/bin/sh', '-c', `${instead}${line.trimEnd()} "$@"`, 'sh', ...more];
}

/**
 * Whether the shell may be told to become the program, which not every shell does by itself. A shell that stays is what
 * a signal hits: the program would live on for a moment beside the one that takes its place.
 */
function beginsWithProgram(line: string, [first]: readonly Word[]): boolean {
  const [written = ''] = line.trimStart().split(/\s/, 1);
  return written === first?.text && /^[\w./@+-]+$/.test(written) && !OF_THE_SHELL.has(written);
}

/** What is no program, or need not be one: words of the shell's language, and what it does itself. */
const OF_THE_SHELL: ReadonlySet<string> = new Set(
  '. alias bg break builtin case cd command continue declare echo eval exec exit export false fc fg for function getopts hash if jobs kill let local printf pwd read readonly return select set shift source test time times trap true type typeset ulimit umask unalias unset until wait while'.split(
    ' ',
  ),
);

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
