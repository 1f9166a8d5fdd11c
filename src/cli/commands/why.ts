import { Command, Option } from 'commander';
import { EXIT, type WhyReport } from '../../control/protocol.ts';
import type { Kind } from '../../spec/kinds.ts';
import { KINDS } from '../../spec/kinds.ts';
import { ask } from '../ask.ts';
import { findColony } from '../colony.ts';
import type { Define } from '../define.ts';
import { examples, exitCodes } from '../help.ts';
import { fileOption, outputOption } from '../options.ts';
import { printAs } from '../print-as.ts';
import { judgementText, whyText } from '../render/why.ts';
import { answerPaint, columns, complain, print } from '../terminal.ts';

type Output = 'text' | 'json' | 'yaml';
type Flags = { readonly file?: string; readonly screen?: string; readonly kind?: Kind; readonly output: Output };

export type WhyOptions = { readonly file: string | undefined; readonly agent: string; readonly output: Output };

/** Where nobody says how wide the terminal is. */
const WIDTH = 80;

export const define: Define = (act) =>
  new Command('why')
    .description('Say what is known of an agent, who says so, and what follows from it. Works without a supervisor.')
    .argument('[agent]', 'its name')
    .addOption(fileOption())
    .option('--screen <file>', 'instead of an agent: judge a screen that was captured; `-` is standard input')
    .addOption(new Option('--kind <kind>', 'with --screen: of which kind the program is').choices(KNOWN))
    .addOption(outputOption(['text', 'json', 'yaml']))
    .addHelpText('after', PAGE)
    .action((agent: string | undefined, { screen, kind, file, output }: Flags) => {
      if (agent !== undefined && screen === undefined && kind === undefined) return act(run({ file, agent, output }));
      if (agent === undefined && screen !== undefined && kind !== undefined) return act(judge(screen, kind, output));
      return act(misused());
    });

/** Of a shell no screen says anything. */
const KNOWN = KINDS.filter((kind) => kind !== 'shell');

async function misused(): Promise<number> {
  const text = 'name one agent, or give both --screen and --kind';
  return complain({ exit: EXIT.usage, text, hint: '`colony why --help` says what may be given' });
}

/** Print what the rules say of a screen. */
async function judge(screen: string, kind: Kind, output: Output): Promise<number> {
  const { judgeFile } = await import('../judge-screen.ts');
  const judged = judgeFile(screen, kind);
  if (!judged.ok) return complain(judged.error);
  if (output === 'text') print(judgementText(kind, judged.value));
  else await printAs(output, { kind, ...judged.value });
  return EXIT.done;
}

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
    ['tmux capture-pane -p | colony why --screen - --kind codex', 'what colony would make of this screen'],
  ]),
  exitCodes(['done', 'failed', 'noSuchAgent', 'invalidConfig', 'unavailable', 'heldElsewhere']),
].join('\n');
