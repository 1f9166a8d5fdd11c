import { Command } from 'commander';
import { EXIT, type LogsReport } from '../../control/protocol.ts';
import { ask } from '../ask.ts';
import { findColony } from '../colony.ts';
import type { Define } from '../define.ts';
import { examples, exitCodes } from '../help.ts';
import { fileOption, parseCount } from '../options.ts';
import { complain, print, remark } from '../terminal.ts';

export type LogsOptions = {
  readonly file: string | undefined;
  readonly agent: string;
  readonly lines: number;
  readonly previous: boolean;
};

type Flags = { readonly file?: string; readonly lines: number; readonly previous?: true };

const DEFAULT_LINES = 200;

export const define: Define = (act) =>
  new Command('logs')
    .description(
      'Print the end of what stands on the terminal of an agent: its screen, and what has scrolled off it. The lives of an ' +
        'agent share that terminal, and a restart clears its screen: the last one of the life before is in --previous.',
    )
    .argument('<agent>', 'its name')
    .addOption(fileOption())
    .option('-n, --lines <count>', 'how many lines', parseCount, DEFAULT_LINES)
    .option('-p, --previous', 'as it was when the life before this one ended')
    .addHelpText('after', PAGE)
    .action((agent: string, { file, lines, previous }: Flags) =>
      act(run({ file, agent, lines, previous: previous ?? false })),
    );

/** Print the lines. */
export async function run({ file, agent, lines, previous }: LogsOptions): Promise<number> {
  const colony = await findColony({ file, profiles: [] });
  if (!colony.ok) return complain(colony.error);
  const query = new URLSearchParams({ agent, lines: String(lines), ...(previous ? { previous: '1' } : {}) });
  const question = {
    method: 'GET',
    path: `/v1/logs?${query}`,
    offline: { kind: 'logs', agent, lines, previous },
  } as const;
  const answer = await ask<LogsReport>(colony.value, question, (report) => Array.isArray(report.lines));
  if (!answer.ok) return complain(answer.error);
  const { lines: written, live } = answer.value.value;
  if (written.length > 0) print(written.join('\n'));
  if (!live && !previous) remark(`colony: ${agent} does not run; these are the last lines of it`);
  return EXIT.done;
}

const PAGE = [
  examples([
    ['colony logs backend', 'the last 200 lines'],
    ['colony logs worker-2 --previous', 'what it wrote before it was restarted'],
  ]),
  exitCodes(['done', 'failed', 'noSuchAgent', 'invalidConfig', 'unavailable']),
].join('\n');
