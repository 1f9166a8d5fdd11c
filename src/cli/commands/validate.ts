import { relative } from 'node:path';
import { Command } from 'commander';
import { EXIT } from '../../control/protocol.ts';
import { type FileOptions, findFile } from '../colony.ts';
import type { Define } from '../define.ts';
import { examples, exitCodes } from '../help.ts';
import { fileOption, profileOption } from '../options.ts';
import { complain, print } from '../terminal.ts';

type Flags = { readonly file?: string; readonly profile?: readonly string[] };

export const define: Define = (act) =>
  new Command('validate')
    .description(
      'Check colony.yaml and everything it includes, and report every mistake with its place.\nNothing is started, and no supervisor is asked.',
    )
    .addOption(fileOption())
    .addOption(profileOption())
    .addHelpText('after', PAGE)
    .action(({ file, profile = [] }: Flags) => act(run({ file, profiles: profile })));

/** Check the file. */
export async function run(options: FileOptions): Promise<number> {
  const path = findFile(options.file);
  if (!path.ok) return complain(path.error);
  const { checkFile } = await import('../check-file.ts');
  const checked = checkFile(path.value, options.profiles);
  if (!checked.ok) return complain(checked.error);
  const count = checked.value.agents.size;
  print(`${shortest(path.value)}: valid, ${count} ${count === 1 ? 'agent' : 'agents'}`);
  return EXIT.done;
}

/** The path as a person here would write it. */
function shortest(path: string): string {
  const near = relative(process.cwd(), path);
  return near.length < path.length ? near : path;
}

const PAGE = [
  examples([
    ['colony validate', 'check the file of this folder'],
    ['colony validate -f ci/colony.yaml --profile night', 'check another one, with a profile'],
  ]),
  exitCodes(['done', 'invalidConfig']),
].join('\n');
