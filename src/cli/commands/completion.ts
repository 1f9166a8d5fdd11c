import { Argument, Command } from 'commander';
import { EXIT } from '../../control/protocol.ts';
import { EVERY_SHELL, SCRIPTS, type Shell } from '../completion/shells.ts';
import type { Define } from '../define.ts';
import { examples, exitCodes, section } from '../help.ts';
import { print } from '../terminal.ts';

export const define: Define = (act) =>
  new Command('completion')
    .description(
      'Print the script by which a shell completes command lines of colony: commands, options and what they take, and the ' +
        'names and labels of the agents, as they are at that moment.',
    )
    .addArgument(new Argument('<shell>', 'whose script').choices(EVERY_SHELL))
    .addHelpText('after', PAGE)
    .action((shell: Shell) => act(run(shell)));

/** Print the script. */
async function run(shell: Shell): Promise<number> {
  print(SCRIPTS[shell].trimEnd());
  return EXIT.done;
}

const PAGE = [
  section('To have it in every shell', [
    ['bash', 'write `source <(colony completion bash)` into ~/.bashrc'],
    ['zsh', 'write `source <(colony completion zsh)` into ~/.zshrc, behind `compinit`'],
    ['fish', 'write its output into ~/.config/fish/completions/colony.fish'],
  ]),
  examples([
    ['source <(colony completion bash)', 'for this shell alone'],
    ['colony completion fish > ~/.config/fish/completions/colony.fish', 'for every fish from now on'],
  ]),
  exitCodes(['done']),
].join('\n');
