import { Command } from 'commander';
import { EXIT, type PlanReport, type PlanRequest } from '../../control/protocol.ts';
import { ask } from '../ask.ts';
import { type FileOptions, findColony } from '../colony.ts';
import type { Define } from '../define.ts';
import { shellEnvironment } from '../environment.ts';
import { examples, exitCodes, section } from '../help.ts';
import { fileOption, outputOption, profileOption, targetOption } from '../options.ts';
import { printAs } from '../print-as.ts';
import { planText } from '../render/plan.ts';
import { answerPaint, complain, print, remarksInColour } from '../terminal.ts';

export type PlanOptions = FileOptions & {
  readonly targets: readonly string[];
  readonly output: 'table' | 'json' | 'yaml';
};

type Flags = {
  readonly file?: string;
  readonly profile?: readonly string[];
  readonly target?: readonly string[];
  readonly output: PlanOptions['output'];
};

export const define: Define = (act) =>
  new Command('plan')
    .description(
      'Say what `colony apply` would change and why, and whether a conversation survives it. Changes nothing.\n' +
        'Values of variables are secrets and are never shown.',
    )
    .addOption(fileOption())
    .addOption(profileOption())
    .addOption(targetOption())
    .addOption(outputOption(['table', 'json', 'yaml']))
    .addHelpText('after', PAGE)
    .action(({ file, profile = [], target = [], output }: Flags) =>
      act(run({ file, profiles: profile, targets: target, output })),
    );

/** Show the plan. */
export async function run(options: PlanOptions): Promise<number> {
  const colony = await findColony(options);
  if (!colony.ok) return complain(colony.error);
  const request: PlanRequest = {
    path: colony.value.path,
    profiles: options.profiles,
    environment: shellEnvironment(),
    targets: options.targets,
    colour: remarksInColour(),
  };
  const question = { method: 'POST', path: '/v1/plan', body: request, offline: { kind: 'plan', request } } as const;
  const answer = await ask<PlanReport>(
    colony.value,
    question,
    ({ version, rows }) => version === 1 && Array.isArray(rows),
  );
  if (!answer.ok) return complain(answer.error);
  const plan = answer.value.value;
  if (options.output === 'table') print(planText(plan, answerPaint()));
  else await printAs(options.output, plan);
  return plan.rows.length > 0 ? EXIT.changesPending : EXIT.done;
}

const PAGE = [
  section('Signs', [
    ['+', 'is started'],
    ['-/+', 'is restarted, in the same terminal'],
    ['~', 'is changed while it runs'],
    ['-', 'is stopped and removed'],
  ]),
  examples([
    ['colony plan', 'what would change?'],
    ["colony plan --target 'work*'", 'for some agents alone'],
    ['colony plan -o json | jq -r .rows[].agent', 'the names of the agents that would change'],
  ]),
  exitCodes(['done', 'changesPending', 'noSuchAgent', 'invalidConfig', 'unavailable', 'heldElsewhere']),
].join('\n');
