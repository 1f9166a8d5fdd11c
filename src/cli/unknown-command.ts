import { EXIT } from '../control/protocol.ts';
import type { Failure } from './failure.ts';

/** What people type who come from docker compose, kubectl, systemctl and tmux. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  up: 'apply',
  reload: 'apply',
  ps: 'status',
  ls: 'status',
  list: 'status',
  top: 'status',
  get: 'status',
  describe: 'why',
  explain: 'why',
  exec: 'attach',
  kill: 'stop',
  rm: 'down',
  config: 'validate',
  diff: 'plan',
};

/** There is no such command; the one that was probably meant, if one can be guessed. `known`: all that there are. */
export async function unknownCommand(written: string, known: readonly string[]): Promise<Failure> {
  const { didYouMean } = await import('./render/did-you-mean.ts');
  const meant = Object.hasOwn(ELSEWHERE, written) ? ELSEWHERE[written] : didYouMean(written, known);
  const guess = meant === undefined ? '' : `Did you mean ${meant}?\n`;
  const hint = `${guess}\`colony --help\` lists the commands; options stand after the command.`;
  return { exit: EXIT.usage, text: `unknown command '${written}'`, hint };
}
