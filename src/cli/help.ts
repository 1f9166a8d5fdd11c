import { EXIT } from '../control/protocol.ts';

export type Outcome = keyof typeof EXIT;

/** What each exit code says. */
const MEANINGS: { readonly [O in Outcome]: string } = {
  done: 'done, nothing to do, all well',
  failed: 'failed',
  changesPending: 'changes are pending',
  unwell: 'not everything is well, or not what was waited for',
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

/** A titled list in two columns, in the form of the lists above it. */
export function section(title: string, lines: readonly (readonly [term: string, meaning: string])[]): string {
  const width = Math.max(...lines.map(([term]) => term.length));
  return `\n${title}:\n${lines.map(([term, meaning]) => `  ${term.padEnd(width)}  ${meaning}\n`).join('')}`.trimEnd();
}

/** Every outcome there is. */
export const ALL_OUTCOMES = Object.keys(MEANINGS) as readonly Outcome[];
