import { basename } from 'node:path';
import { LAUNCHERS } from '../agents/launching.ts';
import { promptsAmong } from '../agents/prompt-words.ts';
import type { Kind } from '../reconciler/types.ts';
import { kindOf } from './kind.ts';

/** A command as it would stand in colony.yaml, made from the words of a program that runs. */
export type Live = {
  readonly kind: Kind;
  /** Empty: nothing but a shell, which is started without a command of its own. */
  readonly words: readonly string[];
  /** Names of options whose values may be secret, and were left out. */
  readonly hidden: readonly string[];
};

/** What a running program says of how it was started, so that it can be started like that again. */
export function liveCommand(words: readonly string[]): Live {
  const plain = withoutInterpreter(words);
  const kind = kindOf({ form: 'words', words: firstOf(plain) });
  const own = kind === 'shell' ? plain : [nameOf(plain[0] ?? ''), ...withoutConversation(kind, plain.slice(1))];
  const { kept, hidden } = withoutSecrets(own);
  return { kind, words: kept, hidden };
}

/** The kind of a running program. */
export function kindOfLive(words: readonly string[]): Kind {
  return kindOf({ form: 'words', words: firstOf(withoutInterpreter(words)) });
}

function firstOf(words: readonly string[]): readonly [string, ...string[]] {
  const [first = '', ...rest] = words;
  return [first, ...rest];
}

const INTERPRETERS = /^(node|bun|deno|python[\d.]*|ruby)$/;

/** Where packages live: the file that is run there has a name that says nothing. */
const PACKAGE = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** A script is what a person has called it; only of programs that colony knows, because others may need their interpreter. */
function withoutInterpreter(words: readonly string[]): readonly string[] {
  const [program = '', ...rest] = words;
  const at = rest.findIndex((word) => !word.startsWith('-'));
  const script = rest[at];
  if (!INTERPRETERS.test(basename(program)) || script === undefined) return [program.replace(/^-/, ''), ...rest];
  const name = PACKAGE.exec(script)?.[1] ?? basename(script).replace(/\.(c|m)?js$|\.py$/, '');
  const known = kindOf({ form: 'words', words: [name] });
  return known === 'shell' ? words : [known, ...rest.slice(at + 1)];
}

/** A path is another one after an update. */
function nameOf(program: string): string {
  return basename(program);
}

/** Colony chooses the conversation, so that words about one go, and what it was begun with. */
function withoutConversation(kind: Kind, words: readonly string[]): readonly string[] {
  const { conflicts, grammar } = LAUNCHERS[kind];
  const options = new Set(conflicts.filter(({ are }) => are === 'options').flatMap((each) => each.words));
  const commands = new Set(conflicts.filter(({ are }) => are === 'commands').flatMap((each) => each.words));
  if (commands.has(words[0] ?? '')) return withoutConversation(kind, words.slice(isId(words[1]) ? 2 : 1));
  const prompts = promptsAmong(words, grammar);
  return words.flatMap((word, at) => {
    if (prompts.includes(word) || options.has(word.split('=')[0] ?? '')) return [];
    return isId(word) && options.has(words[at - 1] ?? '') ? [] : [word];
  });
}

function isId(word: string | undefined): boolean {
  return word !== undefined && /^[0-9a-f]{8}-[0-9a-f-]{20,}$/i.test(word);
}

const SECRET = /^--?([a-z0-9]+[-_])*(api)?(key|token|secret|password|passwd|auth|credential)s?(=|$)/i;

/** A key by its form, or a line for a shell that sets one. */
const KEY = /^(sk|pk|ghp|gho|xox[a-z])[-_][\w-]{12,}$|(key|token|secret|passwo?r?d)\w*\s*[=:]\s*\S/i;

/** An option with such a name goes with its value, and so does what looks like a key by itself. */
function withoutSecrets(words: readonly string[]): Pick<Live, 'hidden'> & { readonly kept: readonly string[] } {
  const isOption = (word: string | undefined) => word !== undefined && SECRET.test(word);
  const isValue = (word: string, before: string | undefined) =>
    isOption(before) && !before?.includes('=') && !word.startsWith('-');
  const fate = (word: string, at: number) => {
    if (isOption(word)) return word.split('=')[0] ?? '';
    if (isValue(word, words[at - 1])) return 'value';
    return KEY.test(word) ? 'a word that looks like a secret' : undefined;
  };
  return {
    kept: words.filter((word, at) => fate(word, at) === undefined),
    hidden: words.flatMap((word, at) => fate(word, at) ?? []).filter((what) => what !== 'value'),
  };
}
