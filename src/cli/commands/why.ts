import { Command } from 'commander';
import { EXIT, type WhyReport } from '../../control/protocol.ts';
import { ask } from '../ask.ts';
import { findColony } from '../colony.ts';
import type { Define } from '../define.ts';
import { examples, exitCodes } from '../help.ts';
import { fileOption, outputOption } from '../options.ts';
import { printAs } from '../print-as.ts';
import { whyText } from '../render/why.ts';
import { answerPaint, columns, complain, print } from '../terminal.ts';

type Output = 'text' | 'json' | 'yaml';
type Flags = { readonly file?: string; readonly output: Output };

export type WhyOptions = { readonly file: string | undefined; readonly agent: string; readonly output: Output };

/** Where nobody says how wide the terminal is. */
const WIDTH = 80;

export const define: Define = (act) =>
  new Command('why')
    .description('Say what is known of an agent, who says so, and what follows from it. Works without a supervisor.')
    .argument('<agent>', 'its name')
    .addOption(fileOption())
    .addOption(outputOption(['text', 'json', 'yaml']))
    .addHelpText('after', PAGE)
    .action((agent: string, { file, output }: Flags) => act(run({ file, agent, output })));

/** Print what is known of one agent. */
export async function run({ file, agent, output }: WhyOptions): Promise<number> {
  const colony = await findColony({ file, profiles: [] });
  if (!colony.ok) return complain(colony.error);
  const query = new URLSearchParams({ agent });
  const question = { method: 'GET', path: `/v1/why?${query}`, offline: { kind: 'why', agent } } as const;
  const answer = await ask<WhyReport>(colony.value, question, ({ version, evidence }) => version === 1 && !!evidence);
  if (!answer.ok) return complain(answer.error);
  const report = answer.value.value;
  if (output === 'text') print(whyText(report, { now: Date.now(), paint: answerPaint(), width: columns() ?? WIDTH }));
  else await printAs(output, report);
  return EXIT.done;
}

const PAGE = [
  examples([
    ['colony why backend', 'why is it so, and why does nothing happen?'],
    ['colony why backend -o json | jq .evidence', 'what each source says, for programs'],
  ]),
  exitCodes(['done', 'noSuchAgent', 'invalidConfig', 'unavailable', 'heldElsewhere']),
].join('\n');
