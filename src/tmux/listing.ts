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

/** Take one line apart; undefined if tmux could not have written it. */
export function parseRow(line: string): Row | undefined {
  const values = LINE.exec(line)?.slice(1);
  if (!values) return undefined;
  return Object.fromEntries(NAMES.map((name, i) => [name, bare(name, values[i] ?? '')])) as Row;
}

function bare(name: Field, value: string): string {
  return name === 'name' ? value : value.replace(/\\(.)/g, '$1');
}
