import { Command } from 'commander';
import { EXIT } from '../../control/protocol.ts';
import type { Define } from '../define.ts';
import { type DoctorOptions, examineHere } from '../examining.ts';
import { examples, exitCodes, section } from '../help.ts';
import { fileOption, outputOption } from '../options.ts';

type Flags = Pick<DoctorOptions, 'output'> & {
  readonly file?: string;
  readonly reboot?: boolean;
  readonly all?: boolean;
};

export const define: Define = (act) =>
  new Command('doctor')
    .description(
      'Look at this machine and at the colony of this folder, if there is one, and say what is amiss, each with what ' +
        'mends it. Changes nothing, and works without a supervisor.',
    )
    .addOption(fileOption())
    .option('--reboot', 'say of each agent whether it would come back after a reboot, and why')
    .option('-a, --all', 'also what is well')
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', PAGE)
    .action(({ file, reboot = false, all = false, output }: Flags) => act(run({ file, reboot, all, output })));

/** Say what is amiss. */
export function run(options: DoctorOptions): Promise<number> {
  return examineHere(options);
}

const PAGE = [
  examples([
    ['colony doctor', 'what is amiss?'],
    ['colony doctor --reboot', 'what would come back after a reboot, and what would not?'],
    ['colony doctor -o json | jq \'.findings[] | select(.level == "error")\'', 'for programs'],
  ]),
  section('What findings are', [
    ['error', 'agents do not run because of it, or would be lost'],
    ['warning', 'something does not work, or will not'],
    ['note', 'worth knowing; nothing has to be done'],
  ]),
  exitCodes(['done', 'unwell', 'invalidConfig', 'heldElsewhere']),
  `\nIt is ${EXIT.unwell} if there is a warning or an error; with --reboot, if something that runs\nwould not come back.`,
].join('\n');
