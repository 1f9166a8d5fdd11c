import { Command } from 'commander';
import type { Define } from '../define.ts';
import { type DisableOptions, disableColony } from '../enabling.ts';
import { examples, exitCodes } from '../help.ts';
import { fileOption } from '../options.ts';

type Flags = { readonly file?: string; readonly dryRun?: boolean; readonly now?: boolean };

export const define: Define = (act) =>
  new Command('disable')
    .description(
      'Have this colony not come back by itself after a reboot: undoes `colony enable` and leaves nothing of it. Its agents ' +
        'run on, and so does a supervisor, in the background.',
    )
    .addOption(fileOption())
    .option('--now', 'also end the supervisor; the agents run on')
    .option('--dry-run', 'only print what would be removed and run')
    .addHelpText('after', PAGE)
    .action(({ file, dryRun = false, now = false }: Flags) => act(run({ file, dryRun, now })));

/** Disable the colony. */
export function run(options: DisableOptions): Promise<number> {
  return disableColony(options);
}

const PAGE = [
  examples([
    ['colony disable', 'nothing starts it after the next reboot'],
    ['colony disable --dry-run', 'what would be removed?'],
  ]),
  exitCodes(['done', 'failed', 'invalidConfig', 'unavailable', 'heldElsewhere']),
].join('\n');
