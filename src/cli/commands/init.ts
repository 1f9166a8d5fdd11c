import { Command } from 'commander';
import { EXIT } from '../../control/protocol.ts';
import type { Define } from '../define.ts';
import { examples, exitCodes } from '../help.ts';
import { type InitOptions, init } from '../init/init.ts';
import { complain } from '../terminal.ts';

type Flags = { readonly yes?: boolean; readonly force?: boolean; readonly fromTmux?: string | true };

export const define: Define = (act) =>
  new Command('init')
    .description(
      'Write a small colony.yaml for this folder, with comments, from the coding agents that are installed or from what ' +
        'runs in tmux. Asks before it does, starts nothing, and never writes over a file that is there.',
    )
    .option('-y, --yes', 'ask nothing, and take the usual answers')
    .option('--force', 'write over a colony.yaml that is there')
    .option(
      '--from-tmux [socket]',
      'from the sessions of your tmux server, or of the one with this name or socket path',
    )
    .addHelpText('after', PAGE)
    .action(({ yes = false, force = false, fromTmux }: Flags) => act(run({ yes, force, fromTmux })));

/** Write the file. */
export async function run(options: InitOptions): Promise<number> {
  const done = await init(options);
  return done.ok ? EXIT.done : complain(done.error);
}

const PAGE = [
  examples([
    ['colony init', 'what is installed, and a question or two'],
    ['colony init --yes', 'the same without questions'],
    ['colony init --from-tmux', 'one agent for each session of your own tmux server'],
    ['colony init --from-tmux work', 'of the server that `tmux -L work` shows'],
  ]),
  '\nNothing of the environment of a program is written, and options that may hold a\nsecret are left out.',
  exitCodes(['done', 'failed', 'invalidConfig']),
].join('\n');
