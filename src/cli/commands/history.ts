import { Command } from 'commander';
import { EXIT, type HistoryReport } from '../../control/protocol.ts';
import { ask } from '../ask.ts';
import { findColony } from '../colony.ts';
import type { Define } from '../define.ts';
import { examples, exitCodes, prose } from '../help.ts';
import { fileOption, outputOption, parseCount, parseLabel, repeatable } from '../options.ts';
import { printAs } from '../print-as.ts';
import { historyText } from '../render/history.ts';
import type { Selection } from '../select.ts';
import { answerPaint, columns, complain, print } from '../terminal.ts';

type Flags = {
  readonly file?: string;
  readonly label?: Selection['labels'];
  readonly count?: number;
  readonly output: 'table' | 'wide' | 'json' | 'yaml';
};

export type HistoryOptions = Flags & { readonly names: readonly string[] };

export const define: Define = (act) =>
  new Command('history')
    .description(
      'List the lives of every agent, or of the selected ones, the latest first. Works without a supervisor.',
    )
    .argument('[agent...]', "names, or globs such as 'work*'; also of agents that are no longer in the file")
    .addOption(fileOption())
    .addOption(repeatable('-l, --label <key=value>', 'only agents with this label; may be repeated', parseLabel))
    .option('-n, --count <count>', 'at most so many of each agent', parseCount)
    .addOption(outputOption(['table', 'wide', 'json', 'yaml']))
    .addHelpText('after', PAGE)
    .action((names: readonly string[], flags: Flags) => act(run({ ...flags, names })));

/** Print the lives. */
export async function run({ file, names, label = [], count, output }: HistoryOptions): Promise<number> {
  const colony = await findColony({ file, profiles: [] });
  if (!colony.ok) return complain(colony.error);
  const query = new URLSearchParams();
  for (const name of names) query.append('agent', name);
  for (const [key, value] of label) query.append('label', `${key}=${value}`);
  if (count !== undefined) query.set('count', String(count));
  const question = {
    method: 'GET',
    path: `/v1/history?${query}`,
    offline: { kind: 'history', query: query.toString() },
  } as const;
  const answer = await ask<HistoryReport>(colony.value, question, ({ version, runs }) => version === 1 && !!runs);
  if (!answer.ok) return complain(answer.error);
  const report = answer.value.value;
  if (output === 'json' || output === 'yaml') await printAs(output, report);
  else {
    const look = { now: Date.now(), wide: output === 'wide', paint: answerPaint(), width: columns() };
    print(historyText(report.runs, look));
  }
  return EXIT.done;
}

const PAGE = [
  examples([
    ['colony history', 'every life that is kept'],
    ['colony history backend -n 5 -o wide', 'the last five of one agent, with their commands'],
    ['colony history -o json', 'for programs, with the last lines of each'],
  ]),
  prose(
    'A life is running, completed, failed, killed (by colony or a signal), or stale: it ran when its supervisor was last ' +
      'there, and nobody knows more. `history:` in colony.yaml says how many are kept, and for how long.',
  ),
  exitCodes(['done', 'noSuchAgent', 'invalidConfig', 'unavailable', 'heldElsewhere']),
].join('\n');
