import type { Argument, Command, Option } from 'commander';

/** What can be completed by looking at the colony, at the program, or at the disk. */
export type Source = 'agents' | 'labels' | 'profiles' | 'event types' | 'commands' | 'files';

/** What stands at the cursor. */
export type Place = {
  readonly wanted: { readonly kind: 'options' } | { readonly kind: 'values'; readonly of: Source | readonly string[] };
  /** What is kept of the word and stands before what is completed, such as `--for=`. */
  readonly before: string;
  readonly begun: string;
  /** Values that stand on the line already, of which none is wanted twice. */
  readonly given: readonly string[];
};

/**
 * Find out what a word of a command line is to be. `words` are those behind the name of the command, the last one is that
 * at the cursor. undefined: anything may stand there, such as a number.
 */
export function placeOf(command: Command, words: readonly string[]): Place | undefined {
  const current = words.at(-1) ?? '';
  const { open, given, onlyValues } = read(command, words.slice(0, -1));
  if (open) return valuePlace(open, '', current);
  if (onlyValues || !current.startsWith('-')) return argumentPlace(command, given, current);
  const [flag = '', value] = cut(current, '=');
  if (value === undefined) return { wanted: { kind: 'options' }, before: '', begun: current, given: [] };
  const option = optionOf(command, flag);
  return option && valuePlace(option, `${flag}=`, value);
}

type Before = {
  /** The option whose value comes next. */
  readonly open: Option | undefined;
  readonly given: readonly string[];
  /** `--` was seen: no further word is an option. */
  readonly onlyValues: boolean;
};

/** What the words before the cursor are. */
function read(command: Command, words: readonly string[]): Before {
  let open: Option | undefined;
  let onlyValues = false;
  const given: string[] = [];
  for (const word of words) {
    if (open) open = undefined;
    else if (onlyValues || !word.startsWith('-')) given.push(word);
    else if (word === '--') onlyValues = true;
    else open = takesNext(optionOf(command, word));
  }
  return { open, given, onlyValues };
}

function takesNext(option: Option | undefined): Option | undefined {
  return option?.required ? option : undefined;
}

function optionOf(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => flag === long || flag === short);
}

function valuePlace(option: Option, before: string, begun: string): Place | undefined {
  const of = option.argChoices ?? OPTION_VALUES[option.attributeName()];
  if (!of) return undefined;
  if (of !== 'event types') return { wanted: { kind: 'values', of }, before, begun, given: [] };
  // Several may stand in one word.
  const end = begun.lastIndexOf(',') + 1;
  const given = begun.slice(0, end).split(',').filter(Boolean);
  return { wanted: { kind: 'values', of }, before: before + begun.slice(0, end), begun: begun.slice(end), given };
}

const OPTION_VALUES: Readonly<Record<string, Source>> = {
  file: 'files',
  config: 'files',
  screen: 'files',
  label: 'labels',
  target: 'agents',
  profile: 'profiles',
  type: 'event types',
};

function argumentPlace(command: Command, given: readonly string[], begun: string): Place | undefined {
  const argument = argumentAt(command, given.length);
  const of = argument?.argChoices ?? ARGUMENT_VALUES[argument?.name() ?? ''];
  return of && { wanted: { kind: 'values', of }, before: '', begun, given };
}

const ARGUMENT_VALUES: Readonly<Record<string, Source>> = { agent: 'agents', command: 'commands' };

function argumentAt({ registeredArguments }: Command, index: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic ? last : undefined);
}

/** The two parts around the first separator; the second is undefined if there is none. */
export function cut(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
