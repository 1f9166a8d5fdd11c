import { isatty } from 'node:tty';
import { Command, InvalidArgumentError, Option } from 'commander';
import { AWAITED, type Awaited, EXIT } from '../../control/protocol.ts';
import { formatSpan } from '../../reconciler/span.ts';
import type { Millis } from '../../reconciler/types.ts';
import { findColony } from '../colony.ts';
import type { Define } from '../define.ts';
import { eventText } from '../follow.ts';
import { examples, exitCodes, prose, section } from '../help.ts';
import { fileOption, outputOption, parseLabel, parseSpan, repeatable } from '../options.ts';
import { printAs } from '../print-as.ts';
import { oneLine } from '../render/width.ts';
import type { Selection } from '../select.ts';
import { complain, remark } from '../terminal.ts';
import { type Waited, waitForAgents } from '../waiting.ts';

export type WaitOptions = {
  readonly file: string | undefined;
  readonly selection: Selection;
  readonly what: Awaited;
  /** 0: look once. */
  readonly timeout: Millis;
  readonly output: 'text' | 'json' | 'yaml';
};

type Flags = {
  readonly file?: string;
  readonly label?: Selection['labels'];
  readonly for: Awaited;
  readonly timeout: Millis;
  readonly output: WaitOptions['output'];
};

const DEFAULT_TIMEOUT: Millis = 60_000;

export const define: Define = (act) =>
  new Command('wait')
    .description('Wait until agents are ready, stopped, idle or completed. Without a name: all that are meant to run.')
    .argument('[agent...]', "names, or globs such as 'work*'")
    .addOption(fileOption())
    .addOption(repeatable('-l, --label <key=value>', 'agents with this label; may be repeated', parseLabel))
    .addOption(new Option('--for <state>', 'what they are to be').choices(AWAITED).makeOptionMandatory())
    .addOption(
      new Option('--timeout <duration>', 'give up after this long; 0 looks once')
        .argParser(parseTimeout)
        .default(DEFAULT_TIMEOUT, '60s'),
    )
    .addOption(outputOption(['text', 'json', 'yaml']))
    .addHelpText('after', PAGE)
    .action((names: readonly string[], { file, label = [], for: what, timeout, output }: Flags) =>
      act(run({ file, selection: { names, labels: label }, what, timeout, output })),
    );

/** Wait. Says nothing but why it did not come true, unless a person looks on. */
export async function run({ file, selection, what, timeout, output }: WaitOptions): Promise<number> {
  const colony = await findColony({ file, profiles: [] });
  if (!colony.ok) return complain(colony.error);
  const looksOn = isatty(2);
  const labels = selection.labels.map(([key, value]) => `${key}=${value}`);
  const request = { targets: selection.names, labels, for: what, wait_ms: timeout };
  const waited = await waitForAgents(colony.value, request, (event) => {
    if (looksOn) remark(eventText(event));
  });
  if (!waited.ok) return complain(waited.error);
  if (output !== 'text') await printAs(output, waited.value.status);
  if (waited.value.outcome === 'reached') {
    const { agents } = waited.value.status;
    if (looksOn) remark(`${colony.value.name}: ${agents.map(({ name }) => name).join(', ') || 'no agent'}: ${what}`);
    return EXIT.done;
  }
  return tellWhy(waited.value, what, timeout);
}

function tellWhy({ outcome, why }: Waited, what: Awaited, timeout: Millis): number {
  const list = why.map(({ agent, text }) => `  ${agent}: ${oneLine(text)}`);
  if (outcome === 'impossible') {
    const text = `waiting for ${what} is of no use: it will not come by itself`;
    return complain({ exit: EXIT.unwell, text: [text, ...list].join('\n') });
  }
  const text = timeout === 0 ? `not ${what}` : `not ${what} after ${formatSpan(timeout)}`;
  return complain({ exit: EXIT.timedOut, text: [text, ...list].join('\n') });
}

/** A length of time, or 0. */
function parseTimeout(written: string): Millis {
  if (written === '0') return 0;
  try {
    return parseSpan(written);
  } catch {
    throw new InvalidArgumentError(`It must be 0 or a length of time such as 90s or 1m30s, got "${written}".`);
  }
}

const PAGE = [
  section('States', [
    ['ready', 'it does its work'],
    ['stopped', 'it has no process and gets none: stopped, disabled, completed or held'],
    ['idle', 'its program waits for something to do'],
    ['completed', 'its program has done its work and is not started again'],
  ]),
  examples([
    ['colony wait --for=ready', 'until everything is up'],
    ["colony wait 'work*' --for=completed --timeout 2h", 'until the work is done'],
    ['colony wait db --for=ready --timeout 0 && psql', 'only look'],
  ]),
  prose('One that cannot become so by itself any more, such as a held one for ready, ends the wait at once.'),
  exitCodes(['done', 'failed', 'unwell', 'noSuchAgent', 'timedOut', 'invalidConfig', 'unavailable']),
].join('\n');
