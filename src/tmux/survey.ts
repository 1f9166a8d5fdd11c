import type { PaneId, Result, SessionId } from '../reconciler/types.ts';
import { execTmux, type Program } from './exec.ts';
import { placeFlags } from './place.ts';
import type { TmuxFailure, TmuxPlace } from './types.ts';

/** Any session of a server, be it a colony's or not, by the pane that a person sees in it. */
export type Surveyed = {
  readonly id: SessionId;
  readonly name: string;
  readonly pane: PaneId;
  readonly pid: number;
  /** Its program has ended. */
  readonly dead: boolean;
  /** The folder in which what runs there is. */
  readonly folder: string;
  /** How many panes the session has in all its windows. */
  readonly panes: number;
  /** The colony and the agent it is labelled with; empty: none. */
  readonly colony: string;
  readonly agent: string;
  /** Colony has made it for itself. */
  readonly anchor: boolean;
};

const FIELDS = [
  ...['session_id', 'pane_id', 'pane_pid', 'pane_dead', 'window_active', 'pane_active'],
  ...['q:@colony_name', 'q:@colony_agent', 'q:@colony_anchor', 'q:session_name', 'q:pane_current_path'],
];

const FORMAT = FIELDS.map((field) => `#{${field}}`).join(' ');

const WORD = '((?:\\\\.|[^ \\\\])*)';
const LINE = new RegExp(`^(\\$\\d+) (%\\d+) (\\d+) ([01]?) ([01]) ([01]) ${Array(5).fill(WORD).join(' ')}$`);

/** All sessions of the server at a place, in the order of their names. No server is no session. Changes nothing. */
export async function survey(place: TmuxPlace, program: Program): Promise<Result<readonly Surveyed[], TmuxFailure>> {
  const listed = await execTmux(program, 'list-panes', [
    ...['-u', ...placeFlags(place), '-N', 'list-panes', '-a', '-F', FORMAT],
  ]);
  if (listed.ok) return { ok: true, value: sessionsIn(listed.value.split('\n')) };
  return listed.error.code === 'no_server' ? { ok: true, value: [] } : listed;
}

/** The sessions in the lines of such a listing; what is no line of it is left out. */
function sessionsIn(lines: readonly string[]): readonly Surveyed[] {
  const rows = lines.flatMap((line) => rowOf(line) ?? []);
  return rows
    .filter(({ shown }) => shown)
    .map(({ shown: _, ...session }) => ({ ...session, panes: rows.filter(({ id }) => id === session.id).length }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function rowOf(line: string): (Omit<Surveyed, 'panes'> & { readonly shown: boolean }) | undefined {
  const found = LINE.exec(line)?.slice(1);
  if (!found) return undefined;
  const [id = '', pane = '', pid, dead, window, active, ...quoted] = found;
  const [colony = '', agent = '', anchor = '', name = '', folder = ''] = quoted.map((word) =>
    word.replace(/\\(.)/g, '$1'),
  );
  return {
    ...{ id: id as SessionId, pane: pane as PaneId, pid: Number(pid), dead: dead === '1' },
    ...{ shown: window === '1' && active === '1', colony, agent, anchor: anchor !== '', name, folder },
  };
}
