import { Command, InvalidArgumentError, Option } from 'commander';
import { EVENT_TYPES } from '../../reconciler/describe.ts';
import type { Millis } from '../../reconciler/types.ts';
import type { Define } from '../define.ts';
import { type EventsOptions, showEvents } from '../events.ts';
import { examples, exitCodes } from '../help.ts';
import { fileOption, outputOption, parseLabel, parseSpan, repeatable } from '../options.ts';
import type { Selection } from '../select.ts';

type Flags = {
  readonly file?: string;
  readonly label?: Selection['labels'];
  readonly follow?: true;
  readonly since?: EventsOptions['since'];
  readonly type?: readonly string[];
  readonly output: 'table' | 'json';
};

export const define: Define = (act) =>
  new Command('events')
    .description('Tell what has happened, oldest first. Works without a supervisor, from what it has written down.')
    .argument('[agent...]', "names, or globs such as 'work*'")
    .addOption(fileOption())
    .addOption(repeatable('-l, --label <key=value>', 'only agents with this label; may be repeated', parseLabel))
    .option('-F, --follow', 'go on with what happens, also when another supervisor takes over')
    .addOption(
      new Option(
        '--since <start>',
        'only what came after this: a number of an event, a time (2026-03-01T12:00:00Z), or a span before now (10m)',
      ).argParser(parseSince),
    )
    .addOption(new Option('--type <type,...>', 'only events of these types').argParser(parseTypes))
    .addOption(outputOption(['table', 'json']))
    .addHelpText('after', PAGE)
    .action((names: readonly string[], { file, label = [], follow, since, type = [], output }: Flags) =>
      act(showEvents({ file, names, labels: label, follow: follow ?? false, since, types: type, output })),
    );

/** As `parseSpan` takes it. */
const SPAN = /^(\d+(ms|s|m|h|d))+$/;

function parseSince(written: string): EventsOptions['since'] {
  if (/^\d+$/.test(written) && Number.isSafeInteger(Number(written))) return { seq: Number(written) };
  const instant: Millis = SPAN.test(written) ? Date.now() - parseSpan(written) : dateOf(written);
  if (Number.isFinite(instant)) return { after: Math.max(0, instant) };
  throw new InvalidArgumentError(
    `It must be a number, a time such as 2026-03-01T12:00:00Z, or a span such as 10m; got "${written}".`,
  );
}

/** Only dates that begin with the year: `Date.parse` finds one in nearly anything. */
function dateOf(written: string): Millis {
  return /^\d{4}-/.test(written) ? Date.parse(written) : Number.NaN;
}

function parseTypes(written: string, before: readonly string[] = []): readonly string[] {
  const types = written.split(',').filter((type) => type !== '');
  const unknown = types.find((type) => !EVENT_TYPES.includes(type));
  if (unknown === undefined) return [...before, ...types];
  throw new InvalidArgumentError(`"${unknown}" is none of ${EVENT_TYPES.join(', ')}.`);
}

const PAGE = [
  examples([
    ['colony events', 'all that is kept'],
    ['colony events backend --since 10m', 'of one agent, in the last ten minutes'],
    ['colony events --follow -o json', 'for programs: one entry of the journal a line, and then those to come'],
    ['colony events --since 4711 -o json', 'go on behind the last `seq` that was read'],
    ['colony events --type exited,held', 'what went wrong'],
  ]),
  exitCodes(['done', 'noSuchAgent', 'invalidConfig', 'unavailable', 'heldElsewhere']),
].join('\n');
