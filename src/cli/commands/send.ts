import { basename } from 'node:path';
import { isatty } from 'node:tty';
import { Command, InvalidArgumentError, Option } from 'commander';
import { notAKey } from '../../agents/keys.ts';
import { EXIT, type SendRequest } from '../../control/protocol.ts';
import type { Millis, Result } from '../../reconciler/types.ts';
import { findColony } from '../colony.ts';
import type { Define } from '../define.ts';
import type { Failure } from '../failure.ts';
import { examples, exitCodes, prose, section } from '../help.ts';
import { parseSpan } from '../options.ts';
import { oneLine } from '../render/width.ts';
import { EXIT_OF, type Origin, sendTo, textFrom } from '../sending.ts';
import { complain, print, remark } from '../terminal.ts';

export type SendOptions = {
  /** The colony.yaml. */
  readonly config: string | undefined;
  readonly agent: string;
  readonly words: readonly string[];
  readonly keys: readonly string[] | undefined;
  readonly file: string | undefined;
  readonly how: Pick<SendRequest, 'when' | 'force' | 'wait_ms'>;
  readonly submit: boolean;
  readonly literal: boolean;
};

type Flags = {
  readonly config?: string;
  readonly keys?: readonly string[];
  readonly file?: string;
  readonly when: SendRequest['when'];
  readonly force?: true;
  /** false: `--no-submit`. */
  readonly submit: boolean;
  readonly literal?: true;
  readonly timeout: Millis;
};

const DEFAULT_TIMEOUT: Millis = 300_000;

export const define: Define = (act) =>
  new Command('send')
    .description('Type a text into an agent and press Enter: it arrives once and whole, or not at all.')
    .argument('<agent>', 'its name')
    .argument('[text...]', 'words are joined by blanks; `-`, or nothing: the standard input')
    .option(
      '-f, --config <path>',
      'the colony.yaml to use (default: here, or in the nearest folder above); elsewhere --file',
    )
    .option('--file <path>', 'the text to type is in this file; it is not the colony.yaml')
    .option('--keys <key...>', 'press these keys instead, such as Escape or C-c', parseKeys)
    .addOption(
      new Option('--when <moment>', 'refuse if it cannot take it now, or wait until it is idle')
        .choices(['now', 'idle'])
        .default('now'),
    )
    .option('--no-submit', 'leave the text in its box for input, without Enter')
    .option('--literal', 'a text such as /compact is no command')
    .option('--force', 'type it whatever is known of the agent; Enter may answer a question then')
    .addOption(
      new Option('--timeout <duration>', 'give up after this long').argParser(parseSpan).default(DEFAULT_TIMEOUT, '5m'),
    )
    .addHelpText('after', PAGE)
    .action((agent: string, words: readonly string[], flags: Flags) => act(run(optionsOf(agent, words, flags))));

function optionsOf(agent: string, words: readonly string[], flags: Flags): SendOptions {
  const { config, keys, file, when, force = false, submit, literal = false, timeout } = flags;
  return { config, agent, words, keys, file, how: { when, force, wait_ms: timeout }, submit, literal };
}

function parseKeys(key: string, before: readonly string[] = []): readonly string[] {
  if (notAKey([key]) === undefined) return [...before, key];
  throw new InvalidArgumentError(`A key is one character or a name such as Escape, Up, C-c; got "${key}".`);
}

/** Type, and say what came of it. */
export async function run(options: SendOptions): Promise<number> {
  // Before the text is read, which a person may have named as the colony.yaml.
  const colony = await findColony({ file: options.config, profiles: [] });
  if (!colony.ok) return complain(notTheText(colony.error, options.config));
  const what = await whatOf(options);
  if (!what.ok) return complain(what.error);
  const request = { agent: options.agent, what: what.value, ...options.how };
  const sent = await sendTo(colony.value, request, (text) => remark(`waits: ${oneLine(text)}`));
  if (!sent.ok) return complain(sent.error);
  const { outcome, text } = sent.value;
  const exit = EXIT_OF[outcome];
  if (exit !== EXIT.done) return complain({ exit, text });
  print(oneLine(text));
  return exit;
}

/** Everywhere else -f and --file are the same, so that a text may stand behind -f. */
function notTheText(error: Failure, config: string | undefined): Failure {
  if (config === undefined || /\.ya?ml$/.test(config)) return error;
  return { ...error, hint: `-f names the colony.yaml; a text to type is named with \`--file ${config}\`` };
}

async function whatOf(options: SendOptions): Promise<Result<SendRequest['what'], Failure>> {
  const { words, keys, file, submit, literal } = options;
  if (/^colony\.ya?ml$/.test(basename(file ?? '')))
    return usage(`--file names the text to type, and ${file} is none: the colony.yaml is named with -f or --config`);
  const named = Number(words.length > 0) + Number(keys !== undefined) + Number(file !== undefined);
  if (named > 1) return usage('give one of a text, --file and --keys');
  if (keys) return { ok: true, value: { keys } };
  const origin = originOf(words, file);
  if (!origin) return usage('there is nothing to send: give a text, --file or --keys, or write to the standard input');
  const text = await textFrom(origin);
  return text.ok ? { ok: true, value: { text: text.value, submit, literal } } : text;
}

/** undefined: a person would have to type it, and would not know. */
function originOf(words: readonly string[], file: string | undefined): Origin | undefined {
  if (file !== undefined) return { from: 'file', path: file };
  if (words.length > 0 && !(words.length === 1 && words[0] === '-')) return { from: 'words', words };
  return words.length > 0 || !isatty(0) ? { from: 'stdin' } : undefined;
}

function usage(text: string): Result<never, Failure> {
  return { ok: false, error: { exit: EXIT.usage, text, hint: '`colony send --help` says what may be given.' } };
}

const PAGE = [
  section('What becomes of it', [
    ['delivered', 'the program has said that it took it, or its box for input is empty again'],
    ['typed', 'it stands in the terminal; of a program that colony does not know, nobody can say more'],
    ['refused', 'nothing was typed, because of a question, a draft, a usage limit, a program that does not run'],
    ['failed', 'it was typed, and the program has not taken it; what stood in the box was taken out where possible'],
  ]),
  examples([
    ['colony send backend "go on with the next task"', 'as if you had typed it there'],
    ['colony send backend /compact', 'a command of the program itself'],
    ['colony send backend --when idle --file task.md', 'wait for its turn, however long the work takes'],
    ['git diff | colony send reviewer', 'of several lines'],
    ['colony send backend --keys Escape', 'a key'],
  ]),
  prose(
    'While the agent asks for something nothing is typed: Enter would answer. With --when idle the text waits, also for ' +
      'an agent that does not run at the moment; Ctrl-C takes it back. An agent is given one text after another. --keys, ' +
      'too, are held back from a question, unless with --force.',
  ),
  exitCodes(['done', 'failed', 'noSuchAgent', 'timedOut', 'invalidConfig', 'unavailable']),
].join('\n');
