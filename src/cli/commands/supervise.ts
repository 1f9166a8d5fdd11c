import { Command, Option } from 'commander';
import type { Manager } from '../../login/types.ts';
import { type FileOptions, findFile } from '../colony.ts';
import type { Define } from '../define.ts';
import { examples, exitCodes, section } from '../help.ts';
import { fileOption, profileOption } from '../options.ts';
import { complain } from '../terminal.ts';

type LogFormat = 'auto' | 'text' | 'json';

export type SuperviseOptions = FileOptions & {
  readonly background: boolean;
  readonly takeOver: boolean;
  /** The service manager that starts it. */
  readonly login: Manager | undefined;
  readonly firstLog: string | undefined;
  readonly refreshEnv: boolean;
  readonly stopAgents: boolean;
  readonly log: LogFormat;
};

type Flags = {
  readonly file?: string;
  readonly profile?: readonly string[];
  readonly background?: boolean;
  readonly takeOver?: boolean;
  readonly login?: Manager;
  readonly firstLog?: string;
  readonly refreshEnv?: boolean;
  readonly stopAgents?: boolean;
  readonly log: LogFormat;
};

export const define: Define = (act) =>
  new Command('supervise')
    .description(
      'Be the supervisor of this colony, in the foreground: make what runs agree with colony.yaml, and keep it so.\n' +
        'For service managers and containers; `colony apply` starts one in the background.',
    )
    .addOption(fileOption())
    .addOption(profileOption())
    .option('--stop-agents', 'when told to end, stop the agents first; process 1 of a container always does')
    .addOption(
      new Option('--log <format>', 'form of the log on standard error; auto: text on a terminal, else json')
        .choices(['auto', 'text', 'json'])
        .default('auto'),
    )
    // How `colony apply` starts it; a person has no use for it.
    .addOption(new Option('--background').hideHelp())
    .addOption(new Option('--take-over').hideHelp())
    .addOption(new Option('--refresh-env').hideHelp())
    // How the launcher that `colony enable` writes starts it.
    .addOption(new Option('--login <manager>').choices(MANAGERS).hideHelp())
    .addOption(new Option('--first-log <path>').hideHelp())
    .addHelpText('after', PAGE)
    .action(
      ({
        file,
        profile = [],
        background = false,
        takeOver = false,
        refreshEnv = false,
        stopAgents = false,
        ...as
      }: Flags) =>
        act(
          run({
            ...{ file, profiles: profile, background, takeOver, refreshEnv, stopAgents },
            ...{ login: as.login, firstLog: as.firstLog, log: as.log },
          }),
        ),
    );

/** Supervise until asked to end. */
export async function run({ file, profiles, login, ...how }: SuperviseOptions): Promise<number> {
  const path = findFile(file);
  if (!path.ok) return complain(path.error);
  if (login) {
    const { makeRoom } = await import('../make-room.ts');
    const held = await makeRoom(path.value);
    if (held) return complain(held);
  }
  const { supervise } = await import('../../supervisor/main.ts');
  const takeOver = how.takeOver || login !== undefined;
  const code = await supervise({ path: path.value, profiles, ...how, takeOver, manager: login });
  // A process that ends by itself gives up its handlers first, and one more Ctrl-C in that moment would be its end.
  process.exit(code);
}

const MANAGERS: readonly Manager[] = ['systemd', 'launchd', 'cron'];

const PAGE = [
  section('Signals', [
    ['TERM, INT', 'end, and leave the agents running; the next supervisor takes them over as they are'],
    ['', 'with --stop-agents: stop them first, each as its `stop` says; a second signal kills what is left'],
    ['HUP', 'nothing: a changed file is read by itself, unless it says `reload: manual`'],
  ]),
  examples([
    ['colony supervise -f /srv/shop/colony.yaml', 'the command of a systemd unit'],
    ['colony supervise --stop-agents --log json', 'the command of a container that has an init of its own'],
  ]),
  exitCodes(['done', 'failed', 'invalidConfig', 'unavailable', 'heldElsewhere']),
].join('\n');
