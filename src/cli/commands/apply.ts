import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { ApplyRequest } from '../../control/protocol.ts';
import type { Millis } from '../../reconciler/types.ts';
import { requestApply } from '../applying.ts';
import { closeApply } from '../closing.ts';
import { type FileOptions, findOrMakeColony } from '../colony.ts';
import type { Define } from '../define.ts';
import { shellEnvironment } from '../environment.ts';
import { examples, exitCodes } from '../help.ts';
import { fileOption, parseSpan, profileOption, targetOption } from '../options.ts';
import { complain, remark, remarksInColour } from '../terminal.ts';

export type ApplyOptions = FileOptions & {
  readonly targets: readonly string[];
  readonly yes: boolean;
  /** How long to follow; undefined: not at all. */
  readonly wait: Millis | undefined;
  readonly refreshEnv: boolean;
  /** Take sessions in that run already and are called like agents. */
  readonly adopt: boolean;
};

type Flags = {
  readonly file?: string;
  readonly profile?: readonly string[];
  readonly target?: readonly string[];
  readonly yes?: true;
  /** false: `--no-wait`. */
  readonly wait: Millis | false;
  readonly refreshEnv?: true;
  readonly adopt?: true;
};

const DEFAULT_WAIT: Millis = 60_000;

export const define: Define = (act) =>
  new Command('apply')
    .description(
      'Make what runs agree with colony.yaml, and follow until everything asked for is ready or has failed.\n' +
        'Starts the supervisor in the background if none runs. A second apply does nothing.',
    )
    .addOption(fileOption())
    .addOption(profileOption())
    .addOption(targetOption())
    .option(
      '-y, --yes',
      'do not ask before more than half of the running agents are removed, or what runs is started twice',
    )
    .addOption(
      new Option('--wait <duration>', 'follow at most this long').argParser(parseSpan).default(DEFAULT_WAIT, '60s'),
    )
    .option('--no-wait', 'do not follow; the supervisor goes on by itself')
    .option('--refresh-env', "give the agents this shell's environment instead of the one kept from the first apply")
    .option('--adopt', 'take sessions in as they run that are called like agents which were never started')
    .addHelpText('after', PAGE)
    .action(({ file, profile = [], target = [], yes, wait, refreshEnv, adopt }: Flags) =>
      act(
        run({
          file,
          profiles: profile,
          targets: target,
          yes: yes ?? false,
          wait: wait === false ? undefined : wait,
          refreshEnv: refreshEnv ?? false,
          adopt: adopt ?? false,
        }),
      ),
    );

/** Apply the file. */
export async function run(options: ApplyOptions): Promise<number> {
  const colony = findOrMakeColony(options);
  if (!colony.ok) return complain(colony.error);
  process.once('SIGINT', () => {
    remark('colony: no longer following; the supervisor goes on');
    process.exit(EXIT_INTERRUPTED);
  });
  const request: ApplyRequest = {
    path: colony.value.path,
    profiles: options.profiles,
    environment: shellEnvironment(),
    targets: options.targets,
    colour: remarksInColour(),
    refresh_env: options.refreshEnv,
    confirmed: options.yes,
    adopt: options.adopt,
    wait_ms: options.wait ?? 0,
  };
  const applied = await requestApply(colony.value, request);
  if (!applied.ok) return complain(applied.error);
  const code = await closeApply(applied.value, options);
  const { login } = applied.value.colony;
  if (existsSync(login)) await (await import('../enabling.ts')).handToManager(applied.value.colony);
  return code;
}

/** What a shell gives to a program that SIGINT ended. */
const EXIT_INTERRUPTED = 130;

const PAGE = [
  examples([
    ['colony apply', 'make it so'],
    ['colony apply --profile night --wait 5m', 'with a profile; be patient'],
    ['colony apply --target backend', 'one agent alone'],
    ['colony apply --adopt', 'after `colony init --from-tmux`: what runs there becomes the agents, untouched'],
    ['colony apply --yes --no-wait', 'in a script: ask nothing, wait for nothing'],
  ]),
  exitCodes(['done', 'failed', 'unwell', 'noSuchAgent', 'invalidConfig', 'unavailable', 'heldElsewhere']),
].join('\n');
