import { Command, Option } from 'commander';
import { type FileOptions, findFile } from '../colony.ts';
import type { Define } from '../define.ts';
import { examples, exitCodes } from '../help.ts';
import { fileOption, profileOption } from '../options.ts';
import { complain } from '../terminal.ts';

export type SuperviseOptions = FileOptions & {
  readonly background: boolean;
  readonly takeOver: boolean;
  readonly firstLog: string | undefined;
};

type Flags = {
  readonly file?: string;
  readonly profile?: readonly string[];
  readonly background?: boolean;
  readonly takeOver?: boolean;
  readonly firstLog?: string;
};

export const define: Define = (act) =>
  new Command('supervise')
    .description(
      'Be the supervisor of this colony, in the foreground: make what runs agree with colony.yaml, and keep it so.\n' +
        'For a service manager; `colony apply` starts one in the background. When it ends, the agents keep running.',
    )
    .addOption(fileOption())
    .addOption(profileOption())
    // How `colony apply` starts it; a person has no use for it.
    .addOption(new Option('--background').hideHelp())
    .addOption(new Option('--take-over').hideHelp())
    .addOption(new Option('--first-log <path>').hideHelp())
    .addHelpText('after', PAGE)
    .action(({ file, profile = [], background = false, takeOver = false, firstLog }: Flags) =>
      act(run({ file, profiles: profile, background, takeOver, firstLog })),
    );

/** Supervise until asked to end. */
export async function run({ file, profiles, ...how }: SuperviseOptions): Promise<number> {
  const path = findFile(file);
  if (!path.ok) return complain(path.error);
  const { supervise } = await import('../../supervisor/main.ts');
  return supervise({ path: path.value, profiles, ...how });
}

const PAGE = [
  examples([['colony supervise -f /srv/shop/colony.yaml', 'the command of a systemd unit']]),
  exitCodes(['done', 'failed', 'invalidConfig', 'unavailable', 'heldElsewhere']),
].join('\n');
