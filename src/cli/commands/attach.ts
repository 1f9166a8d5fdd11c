import { isatty } from 'node:tty';
import { Command } from 'commander';
import type { AttachReport } from '../../control/protocol.ts';
import { ask } from '../ask.ts';
import { findColony } from '../colony.ts';
import type { Define } from '../define.ts';
import { needsTerminal } from '../failure.ts';
import { examples, exitCodes, prose } from '../help.ts';
import { fileOption } from '../options.ts';
import { complain, remark } from '../terminal.ts';

export type AttachOptions = { readonly file: string | undefined; readonly agent: string; readonly readOnly: boolean };

type Flags = { readonly file?: string; readonly readOnly?: true };

export const define: Define = (act) =>
  new Command('attach')
    .description("Show an agent's terminal in this one and type in it. The agent goes on when you leave (prefix d).")
    .argument('<agent>', 'its name')
    .addOption(fileOption())
    .option('-r, --read-only', 'look, and let no key reach the agent')
    .addHelpText('after', PAGE)
    .action((agent: string, { file, readOnly }: Flags) => act(run({ file, agent, readOnly: readOnly ?? false })));

/** Hand this terminal over to the agent's session until the person leaves it. */
export async function run({ file, agent, readOnly }: AttachOptions): Promise<number> {
  const colony = await findColony({ file, profiles: [] });
  if (!colony.ok) return complain(colony.error);
  const tmux = process.env.TMUX ?? '';
  const query = new URLSearchParams({ agent, ...(readOnly ? { read_only: '1' } : {}), ...(tmux ? { tmux } : {}) });
  const question = {
    method: 'GET',
    path: `/v1/attach?${query}`,
    offline: { kind: 'attach', agent, read_only: readOnly, tmux: tmux || undefined },
  } as const;
  const answer = await ask<AttachReport>(colony.value, question, (report) => Array.isArray(report.argv));
  if (!answer.ok) return complain(answer.error);
  const { argv, drop_env, how } = answer.value.value;
  if (how !== 'switch' && !(isatty(0) && isatty(1))) {
    return complain(needsTerminal('attach needs a terminal', `\`colony logs ${agent}\` prints what it shows`));
  }
  if (how === 'nested') remark('colony: this is tmux inside tmux: press the prefix twice to reach the inner one');
  const { runHere } = await import('../run-here.ts');
  return runHere(argv, drop_env);
}

const PAGE = [
  examples([
    ['colony attach backend', 'look and type'],
    ['colony attach backend --read-only', 'only look'],
  ]),
  prose('The exit code is that of tmux, or one of these.'),
  exitCodes(['done', 'failed', 'noSuchAgent', 'invalidConfig', 'unavailable']),
].join('\n');
