/** One tmux command: its name and its arguments, as words that nothing has quoted yet. */
export type Command = readonly [string, ...string[]];

/**
 * Write a word so that tmux's own command parser gives back that very word.
 *
 * Double quotes, because single ones cannot hold a single quote. `~` is escaped because it expands even there at the
 * start of a word; control characters because a line break would end the command.
 */
export function quote(word: string): string {
  return `"${word.replace(/[\\"$~]/g, '\\$&').replace(/[\x01-\x1f\x7f]/g, controlEscape)}"`;
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\x1b': '\\e' };

function controlEscape(character: string): string {
  return SHORT[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

/** Several commands as one line: tmux runs them without a pause, and stops at the first that fails. */
export function commandLine(commands: readonly Command[]): string {
  return commands.map(([name, ...words]) => [name, ...words.map(quote)].join(' ')).join(' ; ');
}

/**
 * Protect text in an argument that tmux expands as a format, such as the folder after `-c`.
 *
 * A doubled `#` stands for one, except before `[`: there tmux leaves both, taking them for a style.
 */
export function asFormat(text: string): string {
  return text.replace(/#(\[?)/g, (_, bracket: string) => (bracket ? '###{l:[}' : '##'));
}

/**
 * The words after `--` for a program that is to run without a shell.
 *
 * tmux hands a single word to the user's shell, so a program without arguments is run by a shell that replaces itself.
 */
export function programWords(argv: readonly [string, ...string[]]): readonly string[] {
  return argv.length > 1 ? argv : ['/bin/sh', '-c', 'exec "$0"', argv[0]];
}

/** Protect the words of a tmux command in a process's argv, where a `;` at the end of a word ends the command. */
export function asArgv(words: readonly string[]): readonly string[] {
  return words.map((word) => word.replace(/;$/, '\\;'));
}
