import { Command, Option } from 'commander';
import { type AgentsRequest, EXIT } from '../control/protocol.ts';
import type { Millis } from '../reconciler/types.ts';
import { closeApply } from './closing.ts';
import { findColony } from './colony.ts';
import type { Act } from './define.ts';
import type { Failure } from './failure.ts';
import { follow, type Kept } from './follow.ts';
import { examples, exitCodes } from './help.ts';
import { fileOption, parseLabel, parseSpan, repeatable } from './options.ts';
import { complain } from './terminal.ts';

export type Verb = 'start' | 'stop' | 'restart';

type Flags = {
  readonly file?: string;
  readonly label?: readonly (readonly [key: string, value: string])[];
  readonly now?: true;
  readonly fresh?: true;
  /** false: `--no-wait`. */
  readonly wait: Millis | false;
};

const DEFAULT_WAIT: Millis = 60_000;

/** A command that a person uses on single agents; the three differ in the word and in its explanation. */
export function byHand(verb: Verb, description: string, act: Act): Command {
  const command = new Command(verb)
    .description(description)
    .argument('[agent...]', "names, or globs such as 'work*'")
    .addOption(fileOption())
    .addOption(repeatable('-l, --label <key=value>', 'agents with this label; may be repeated', parseLabel))
    .addOption(
      new Option('--wait <duration>', 'follow at most this long').argParser(parseSpan).default(DEFAULT_WAIT, '60s'),
    )
    .option('--no-wait', 'do not follow; the supervisor goes on by itself');
  if (verb !== 'start') command.option('--now', 'kill it at once: no stop sequence, no grace time, no hook is asked');
  if (verb !== 'stop')
    command.option('--fresh', 'begin a new conversation; the id of the present one is kept in the history');
  return command
    .addHelpText('after', page(verb))
    .action((names: readonly string[], flags: Flags) => act(run(verb, names, flags)));
}

async function run(
  verb: Verb,
  names: readonly string[],
  { file, label = [], now, fresh, wait }: Flags,
): Promise<number> {
  if (names.length + label.length === 0) return complain(nobody(verb));
  const colony = await findColony({ file, profiles: [] });
  if (!colony.ok) return complain(colony.error);
  const request: AgentsRequest = {
    targets: names,
    labels: label.map(([key, value]) => `${key}=${value}`),
    wait_ms: wait === false ? 0 : wait,
    ...(now ? { now } : {}),
    ...(fresh ? { fresh } : {}),
  };
  const kept: Kept[] = [];
  const outcome = await follow(colony.value, `/v1/${verb}`, request, { kept: (each) => kept.push(each) });
  const followed = { wait: wait === false ? undefined : wait, targets: names, labels: label, kept };
  return closeApply({ colony: colony.value, plan: undefined, outcome }, followed);
}

/** All of them at once are named, too: a slip must not stop a whole colony. */
function nobody(verb: Verb): Failure {
  const text = 'name an agent, or several by a glob or a label';
  return { exit: EXIT.usage, text, hint: `\`colony ${verb} '*'\` means all of them` };
}

function page(verb: Verb): string {
  return [
    examples([
      [`colony ${verb} backend`, 'one agent'],
      [`colony ${verb} 'work*' -l team=core`, 'several, by name and label'],
      [`colony ${verb} -l team=core --no-wait`, 'all with a label; do not follow'],
      ...(verb === 'stop' ? [] : [[`colony ${verb} backend --fresh`, 'with a new conversation'] as const]),
      ...(verb === 'start' ? [] : [[`colony ${verb} backend --now`, 'one that does not listen'] as const]),
    ]),
    exitCodes(['done', 'failed', 'unwell', 'noSuchAgent', 'unavailable']),
  ].join('\n');
}
