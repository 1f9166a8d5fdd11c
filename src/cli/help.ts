import { EXIT } from '../control/protocol.ts';
import { wrap } from './render/wrap.ts';

export type Outcome = keyof typeof EXIT;

/** What each exit code says. */
const MEANINGS: { readonly [O in Outcome]: string } = {
  done: 'done, nothing to do, all well',
  failed: 'failed',
  changesPending: 'changes are pending',
  unwell: 'not everything is well, or not as was asked for',
  noSuchAgent: 'no such agent',
  timedOut: 'timed out',
  usage: 'the command line is not understood',
  invalidConfig: 'the configuration is missing or not valid',
  unavailable: 'tmux or the supervisor is out of reach',
  heldElsewhere: 'another supervisor holds this colony',
};

/** The section of a help page that lists exit codes, in their order; every command may be called in a wrong way. */
export function exitCodes(outcomes: readonly Outcome[]): string {
  const lines = [...new Set<Outcome>([...outcomes, 'usage'])]
    .sort((a, b) => EXIT[a] - EXIT[b])
    .map((outcome) => [String(EXIT[outcome]), MEANINGS[outcome]] as const);
  return section('Exit codes', lines);
}

/** The section of a help page that shows command lines and what they do. */
export function examples(lines: readonly (readonly [line: string, meaning: string])[]): string {
  return section('Examples', lines);
}

/** The width of help pages, in columns. */
export const WIDTH = 80;

/** Terms wider than this have their meaning below them. */
const WIDEST_TERM = 34;

/** A titled list in two columns, in the form of the lists above it; in one, if the terms leave too little space. */
export function section(title: string, lines: readonly (readonly [term: string, meaning: string])[]): string {
  const width = Math.max(...lines.map(([term]) => term.length));
  const row = width > WIDEST_TERM ? stacked : beside(width);
  return `\n${title}:\n${lines.map(row).join('\n')}`;
}

/** A paragraph of a help page. */
export function prose(text: string): string {
  return `\n${wrap(text, WIDTH).join('\n')}`;
}

type Line = readonly [term: string, meaning: string];

function stacked([term, meaning]: Line): string {
  return [`  ${term}`, ...wrap(meaning, WIDTH - 6).map((line) => `      ${line}`)].join('\n').trimEnd();
}

function beside(width: number): (line: Line) => string {
  const margin = width + 4;
  return ([term, meaning]) => {
    const [first = '', ...more] = wrap(meaning, WIDTH - margin);
    return [`  ${term.padEnd(width)}  ${first}`.trimEnd(), ...more.map((line) => ' '.repeat(margin) + line)].join('\n');
  };
}

/** Every outcome there is. */
export const ALL_OUTCOMES = Object.keys(MEANINGS) as readonly Outcome[];

/** Where a command that takes `-f` reads and writes. */
export const FILES = section('Files', [
  ['colony.yaml', 'what should run; looked for here and in the folders above'],
  ['~/.local/state/colony/NAME/', 'journal, logs and socket of the colony NAME ($XDG_STATE_HOME/colony/NAME)'],
]);
