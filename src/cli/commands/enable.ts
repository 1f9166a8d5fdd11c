import { Command } from 'commander';
import type { Define } from '../define.ts';
import { type EnableOptions, enableColony } from '../enabling.ts';
import { examples, exitCodes, section } from '../help.ts';
import { fileOption } from '../options.ts';

type Flags = { readonly file?: string; readonly dryRun?: boolean };

export const define: Define = (act) =>
  new Command('enable')
    .description(
      'Have this colony come back after a reboot, without anybody logging in: what ran runs again, each agent in its ' +
        'conversation; what was stopped stays so. Touches no agent. A second enable does nothing.',
    )
    .addOption(fileOption())
    .option('--dry-run', 'only print what would be written and run')
    .addHelpText('after', PAGE)
    .action(({ file, dryRun = false }: Flags) => act(run({ file, dryRun })));

/** Enable the colony. */
export function run(options: EnableOptions): Promise<number> {
  return enableColony(options);
}

const PAGE = [
  examples([
    ['colony enable --dry-run', 'what would it do?'],
    ['colony enable', 'do it, and look whether it worked'],
    ['systemctl --user status colony-shop', 'what systemd says of it'],
  ]),
  section('Who starts it', [
    [
      'systemd',
      'a user unit colony-NAME.service, and lingering, so that it starts at boot. Stopping or restarting the unit ends ' +
        'the supervisor alone: tmux and the agents are in a scope of their own',
    ],
    ['launchd', 'on macOS an agent agent-colony.NAME in ~/Library/LaunchAgents, which starts at login'],
    ['cron', 'where there is no systemd: an @reboot line in your crontab'],
  ]),
  exitCodes(['done', 'failed', 'invalidConfig', 'unavailable', 'heldElsewhere']),
].join('\n');
