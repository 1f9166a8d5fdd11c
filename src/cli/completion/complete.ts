import { Argument, Command } from 'commander';
import { EXIT } from '../../control/protocol.ts';
import type { Define } from '../define.ts';
import { print } from '../terminal.ts';
import { joined, lastPiece } from './bash-words.ts';
import { type Candidate, candidatesFor } from './candidates.ts';
import { knownOf, profilesOf } from './colony.ts';
import { type Place, placeOf } from './place.ts';
import { EVERY_SHELL, type Shell } from './shells.ts';

/** What the program can do, as far as completing its command lines needs that. */
export type Program = {
  /** The commands of the help page. */
  readonly commands: readonly Candidate[];
  /** One of them with its options and arguments. */
  readonly load: (name: string) => Promise<Command | undefined>;
};

/** The line that tells a shell to complete the name of a file by itself. */
export const FILES = ':files';

/** What the scripts of `colony completion` call at every Tab: prints all words that fit, one a line. */
export const completing =
  (program: Program): Define =>
  (act) =>
    new Command('complete')
      .description('Print what may stand at the end of a command line. For the scripts of `colony completion`.')
      .addArgument(new Argument('<shell>', 'whose line it is').choices(EVERY_SHELL))
      .argument('[word...]', 'the words behind `colony`, the last one is that at the cursor')
      .action((shell: Shell, words: readonly string[]) => act(run(program, shell, words)));

async function run(program: Program, shell: Shell, pieces: readonly string[]): Promise<number> {
  const words = shell === 'bash' ? joined(pieces) : pieces;
  const { place, command } = await look(program, words);
  if (!place) return EXIT.done;
  if (place.wanted.kind === 'values' && place.wanted.of === 'files') {
    print(FILES);
    return EXIT.done;
  }
  const options = { file: fileOn(words, command), profiles: [] };
  const found = await candidatesFor(place, command, {
    commands: program.commands,
    known: () => knownOf(options),
    profiles: () => profilesOf(options),
  });
  const line = shell === 'bash' ? lineOfBash(words.at(-1) ?? '') : lineWithAbout;
  if (found.length > 0) print(found.map(line).join('\n'));
  return EXIT.done;
}

type Looked = { readonly place: Place | undefined; readonly command: Command | undefined };

async function look({ load }: Program, words: readonly string[]): Promise<Looked> {
  const [name = '', ...rest] = words;
  if (rest.length === 0) return { place: placeOf(ROOT, words), command: ROOT };
  if (name === 'help') return { place: placeOf(HELP, rest), command: HELP };
  const command = await load(name);
  return { place: command && placeOf(command, rest), command };
}

/** What may stand behind `colony` itself, and behind `colony help`. */
const ROOT = new Command().argument('[command]').option('--version', 'print the version');
const HELP = new Command().argument('[command]');

const lineOfBash =
  (begun: string) =>
  ({ value }: Candidate): string =>
    lastPiece(value, begun);

const lineWithAbout = ({ value, about }: Candidate): string =>
  about === '' ? value : `${value}\t${about.replace(/\s+/g, ' ')}`;

/** Which colony.yaml the line names. */
function fileOn(words: readonly string[], command: Command | undefined): string | undefined {
  const flags = command?.options.flatMap(({ short, long = '' }) => (short === '-f' ? [short, long] : [])) ?? [];
  const at = words.findIndex((word) => flags.includes(word));
  if (at >= 0) return words[at + 1];
  const whole = words.find((word) => flags.some((flag) => word.startsWith(`${flag}=`)));
  return whole?.slice(whole.indexOf('=') + 1);
}
