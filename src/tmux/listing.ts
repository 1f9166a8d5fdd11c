import type { Result } from '../reconciler/types.ts';

/**
 * What is read of every pane, in the order in which it stands in a line.
 *
 * `#{q:…}` puts a backslash before spaces, so a space without one ends a field whatever a label holds. The name of the
 * session comes last: tmux keeps line breaks out of it, and everything else may be in it.
 */
const FIELDS = {
  session: '#{session_id}',
  pane: '#{pane_id}',
  pid: '#{pane_pid}',
  attached: '#{session_attached}',
  typed: '#{session_activity}',
  output: '#{window_activity}',
  dead: '#{pane_dead}',
  code: '#{pane_dead_status}',
  signal: '#{pane_dead_signal}',
  diedAt: '#{pane_dead_time}',
  tty: '#{pane_tty}',
  colony: '#{q:@colony_name}',
  agent: '#{q:@colony_agent}',
  main: '#{q:@colony_pane}',
  generation: '#{q:@colony_generation}',
  run: '#{q:@colony_run}',
  started: '#{q:@colony_started}',
  fingerprint: '#{q:@colony_fingerprint}',
  shown: '#{q:@colony_shown}',
  title: '#{q:pane_title}',
  name: '#{session_name}',
} as const;

type Field = keyof typeof FIELDS;

const NAMES = Object.keys(FIELDS) as readonly Field[];

/** One pane of one session, as tmux wrote it; what is not set is empty. */
export type Row = { readonly [F in Field]: string };

/** The `-F` argument of `list-panes -a`. */
export const LISTING = Object.values(FIELDS).join(' ');

/** A line: every field but the last holds no bare space. */
const LINE = new RegExp(`^(\\$\\d+) (%\\d+) ${'((?:\\\\.|[^ \\\\])*) '.repeat(NAMES.length - 3)}(.*)$`);

/** Takes listings apart. What stood in the last one too makes the very same row: mostly nothing is new. */
export class Rows {
  #last: ReadonlyMap<string, Row> = new Map();

  /** The rows of a whole listing, in its order; the error is the first line that tmux could not have written. */
  of(lines: readonly string[]): Result<readonly Row[], string> {
    const rows = new Map<string, Row>();
    for (const line of lines) {
      const row = this.#last.get(line) ?? parseRow(line);
      if (!row) return { ok: false, error: line };
      rows.set(line, row);
    }
    this.#last = rows;
    return { ok: true, value: [...rows.values()] };
  }
}

/** Take one line apart; undefined if tmux could not have written it. */
function parseRow(line: string): Row | undefined {
  const values = LINE.exec(line)?.slice(1);
  if (!values) return undefined;
  return Object.fromEntries(NAMES.map((name, i) => [name, bare(name, values[i] ?? '')])) as Row;
}

function bare(name: Field, value: string): string {
  return name === 'name' ? value : value.replace(/\\(.)/g, '$1');
}
