import { Command } from 'commander';
import { EXIT } from '../../control/protocol.ts';
import { findColony } from '../colony.ts';
import type { Define } from '../define.ts';
import { examples, exitCodes } from '../help.ts';
import { type Look, look, type StatusOptions } from '../look.ts';
import { fileOption, outputOption, parseLabel, repeatable } from '../options.ts';
import { otherRelease } from '../other-release.ts';
import { printAs } from '../print-as.ts';
import { isWell, statusText } from '../render/status.ts';
import type { Selection } from '../select.ts';
import { answerPaint, columns, complain, print, remark } from '../terminal.ts';

type Flags = {
  readonly file?: string;
  readonly label?: Selection['labels'];
  readonly output: StatusOptions['output'];
  readonly watch?: true;
};

export const define: Define = (act) =>
  new Command('status')
    .description('Say how every agent is, or the selected ones. Works without a supervisor, from what tmux shows.')
    .argument('[agent...]', "names, or globs such as 'work*'")
    .addOption(fileOption())
    .addOption(repeatable('-l, --label <key=value>', 'only agents with this label; may be repeated', parseLabel))
    .addOption(outputOption(['table', 'wide', 'json', 'yaml', 'name']))
    .option('-w, --watch', 'show it anew every second until q or Ctrl-C')
    .addHelpText('after', PAGE)
    .action((names: readonly string[], { file, label = [], output, watch }: Flags) =>
      act(run({ file, selection: { names, labels: label }, output, watch: watch ?? false })),
    );

/** Show the status once, or again and again. */
export async function run(options: StatusOptions): Promise<number> {
  const colony = await findColony({ file: options.file, profiles: [] });
  if (!colony.ok) return complain(colony.error);
  if (options.watch) {
    const { watch } = await import('../watch.ts');
    return watch(options, () => look(colony.value, options.selection));
  }
  const seen = await look(colony.value, options.selection);
  if (!seen.ok) return complain(seen.error);
  await show(seen.value, options.output);
  const hint = otherRelease(seen.value.report.supervisor?.version);
  if (hint !== undefined) remark(hint);
  return verdict(seen.value);
}

async function show({ report, agents }: Look, output: StatusOptions['output']): Promise<void> {
  if (output === 'name') {
    if (agents.length > 0) print(agents.map(({ name }) => name).join('\n'));
  } else if (output === 'json' || output === 'yaml') await printAs(output, { ...report, agents });
  else
    print(
      statusText(report, agents, { now: Date.now(), wide: output === 'wide', paint: answerPaint(), width: columns() }),
    );
}

function verdict({ report, agents }: Look): number {
  if (!report.supervisor) return report.tmux.reachable ? EXIT.unwell : EXIT.unavailable;
  return report.config.valid && agents.every(isWell) ? EXIT.done : EXIT.unwell;
}

const PAGE = [
  examples([
    ['colony status', 'how is everything?'],
    ["colony status 'work*' -l team=core", 'how are some of them?'],
    ['colony status -o wide', 'with sessions, labels and last exits'],
    ['colony status -o json | jq .summary', 'for programs; the form has a version and is kept stable'],
    ['colony status --watch', 'keep looking'],
  ]),
  '\nAn agent is well if it is ready, completed, disabled or stopped.',
  exitCodes(['done', 'unwell', 'noSuchAgent', 'invalidConfig', 'unavailable', 'heldElsewhere']),
].join('\n');
