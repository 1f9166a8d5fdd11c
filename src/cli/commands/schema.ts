import { Command } from 'commander';
import { EXIT } from '../../control/protocol.ts';
import type { Define } from '../define.ts';
import { examples, exitCodes } from '../help.ts';
import { printAs } from '../print-as.ts';

export const define: Define = (act) =>
  new Command('schema')
    .description('Print the JSON Schema of colony.yaml, from which editors take completion and hover texts.')
    .addHelpText('after', PAGE)
    .action(() => act(run()));

/** Print the schema. */
export async function run(): Promise<number> {
  const { publishedSchema } = await import('../../config/schema.ts');
  await printAs('json', publishedSchema());
  return EXIT.done;
}

const PAGE = [
  examples([
    ['colony schema > colony.schema.json', 'keep it beside the file, whose first line may then be'],
    ['# yaml-language-server: $schema=colony.schema.json', ''],
  ]),
  exitCodes(['done']),
].join('\n');
