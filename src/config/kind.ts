import { basename } from 'node:path';
import type { Command, Kind } from '../reconciler/types.ts';

/** Names of programs and packages, and the kind that knows them. */
const PROGRAMS: ReadonlyMap<string, Kind> = new Map([
  ['claude', 'claude'],
  ['@anthropic-ai/claude-code', 'claude'],
  ['codex', 'codex'],
  ['@openai/codex', 'codex'],
  ['gemini', 'gemini'],
  ['@google/gemini-cli', 'gemini'],
  ['opencode', 'opencode'],
  ['opencode-ai', 'opencode'],
  ['aider', 'aider'],
  ['aider-chat', 'aider'],
]);

/** Programs that only start another one, and those of their options that take a word of their own. */
const WRAPPERS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['env', new Set(['-u', '--unset', '-C', '--chdir'])],
  ['exec', new Set(['-a'])],
  ['nice', new Set(['-n'])],
  ['npx', new Set(['-p', '--package', '-c'])],
  ['bunx', new Set(['-p', '--package'])],
  ['uvx', new Set(['--from', '--with', '--python', '-p'])],
  ['pipx', new Set(['--spec', '--python'])],
]);

/** Between a wrapper and its program, as in `pipx run aider`. */
const VERBS = new Set(['run', 'dlx', 'exec']);

/** What colony knows about the program that a command starts, read from the program's name. */
export function kindOf(command: Command): Kind {
  const words = command.form === 'words' ? command.words : command.line.trim().split(/\s+/, MOST).map(unquoted);
  return PROGRAMS.get(programOf(words.slice(0, MOST))) ?? 'shell';
}

/** The program stands among the first words. */
const MOST = 64;

const unquoted = (word: string): string => word.replace(/^(["'])(.*)\1$/, '$2').replace(/[;&|]+$/, '');

function programOf(words: readonly string[]): string {
  const [first, ...rest] = words;
  if (first === undefined) return '';
  if (ASSIGNMENT.test(first)) return programOf(rest);
  const name = nameOf(first);
  const options = WRAPPERS.get(name);
  return options ? programOf(withoutOptions(rest, options)) : name;
}

/** The shell to which a command hands a line, as `bash -lc 'claude'` does; undefined: none. */
export function handsOn(words: readonly string[]): string | undefined {
  const name = programOf(words.slice(0, MOST));
  const at = words.findIndex((word) => nameOf(word) === name);
  return SHELLS.has(name) && words.slice(at + 1).some((word) => /^-[a-z]*c$/.test(word)) ? name : undefined;
}

const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'fish', 'busybox']);

const ASSIGNMENT = /^[A-Za-z_]\w*=/;

/** What stands behind a wrapper's options and verbs. */
function withoutOptions(words: readonly string[], withWord: ReadonlySet<string>): readonly string[] {
  const [first, ...rest] = words;
  if (first === undefined) return [];
  if (withWord.has(first)) return withoutOptions(rest.slice(1), withWord);
  return first.startsWith('-') || VERBS.has(first) ? withoutOptions(rest, withWord) : words;
}

/** A package name keeps its scope and loses its version; a path becomes its last part. */
function nameOf(word: string): string {
  if (word.startsWith('@')) return word.replace(/(.)@[^/]*$/, '$1');
  return basename(word).replace(/(.)@.*$/, '$1');
}
