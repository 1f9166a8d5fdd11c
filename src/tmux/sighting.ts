import { constants } from 'node:os';
import type { AgentName, Exit, MainPane, Millis, Result, Session } from '../reconciler/types.ts';
import { type Row, Rows } from './listing.ts';
import type { Sighting } from './types.ts';

/** Which sessions are whose. */
export type Belonging = { readonly colony: string; readonly anchor: string };

/** A main pane that tmux calls dead without saying how its process ended. */
export type Riddle = { readonly session: Session; readonly pid: number };

export type Reading = Sighting & {
  readonly riddles: readonly Riddle[];
  /** The terminals of the main panes of our sessions, as paths. */
  readonly terminals: ReadonlySet<string>;
};

/**
 * Make sessions of the lines of one `list-panes -a`.
 *
 * A line that makes no sense spoils the whole reading: a session that is overlooked would be started twice. `rows`
 * remembers the listing before: a session that has not changed since is the very same one.
 */
export function readListing(
  lines: readonly string[],
  whose: Belonging,
  rows: Rows = new Rows(),
): Result<Reading, string> {
  const read = rows.of(lines);
  if (!read.ok) return { ok: false, error: nonsense(read.error) };
  if (read.value.length === 0) return { ok: false, error: 'tmux listed no pane at all, not even our own' };
  return { ok: true, value: gather(read.value, whose) };
}

/** Main panes of ours whose program has ended, and whether tmux says how. */
export type Ends = readonly { readonly session: Session; readonly known: boolean }[];

/** Make sense of the dead panes alone. */
export function readEnds(lines: readonly string[], whose: Belonging): Result<Ends, string> {
  const read = new Rows().of(lines);
  if (!read.ok) return { ok: false, error: nonsense(read.error) };
  const ends: { session: Session; known: boolean }[] = [];
  for (const row of read.value) {
    const isMain = row.main === '' || row.main === row.pane;
    if (!isOurs(row, whose) || row.name === whose.anchor || !isMain) continue;
    const session = sessionOf(row, row);
    ends.push({ session, known: !isRiddle(session.main) });
  }
  return { ok: true, value: ends };
}

/**
 * An earlier sighting with the ends that were read since. An end of which nobody can say yet how it came is left out:
 * tmux tells when it can.
 *
 * Undefined if more has happened than that: a session that was not known, or one that was dead and no longer is.
 */
export function broughtUpToDate(last: Sighting, ends: Ends): Sighting | undefined {
  const ended = new Map(ends.map((end) => [end.session.id, end]));
  let met = 0;
  const renew = (session: Session): Session => {
    const end = ended.get(session.id);
    if (end) met += 1;
    return end?.known ? end.session : session;
  };
  const sessions = new Map([...last.sessions].map(([agent, list]) => [agent, list.map(renew)]));
  const revived = [...last.sessions.values()].flat().some(({ id, main }) => main.state === 'dead' && !ended.has(id));
  if (revived || met < ended.size) return undefined;
  return { sessions, foreign: last.foreign };
}

function nonsense(line: string): string {
  return `tmux listed a pane in a form that makes no sense: ${line.slice(0, 120)}`;
}

function isOurs(row: Row, whose: Belonging): boolean {
  return row.colony === whose.colony && row.agent !== '';
}

function gather(rows: readonly Row[], whose: Belonging): Reading {
  const panes = new Map(rows.map((row) => [row.pane, row]));
  // One row for each session; of several panes the first, which has the same labels as the others.
  const heads = [...new Map(rows.toReversed().map((row) => [row.session, row])).values()].toReversed();
  const others = heads.filter((row) => row.name !== whose.anchor);
  const ours = others
    .filter((row) => isOurs(row, whose))
    .map((row) => {
      // A person may have moved the pane to another session: it is looked for everywhere.
      const main = panes.get(row.main === '' ? row.pane : row.main);
      return { session: sameOf(row, main), pid: Number(main?.pid), tty: main?.tty };
    });
  return {
    sessions: byAgent(ours.map(({ session }) => session)),
    foreign: new Set(others.filter((row) => !isOurs(row, whose)).map((row) => row.name)),
    riddles: ours.filter(({ session }) => isRiddle(session.main)),
    terminals: new Set(ours.flatMap(({ tty }) => tty || [])),
  };
}

function byAgent(sessions: readonly Session[]): ReadonlyMap<AgentName, readonly Session[]> {
  const grouped = new Map<AgentName, Session[]>();
  for (const session of sessions) {
    const same = grouped.get(session.agent);
    if (same) same.push(session);
    else grouped.set(session.agent, [session]);
  }
  return grouped;
}

/** What was made of a row, and of the row of which main pane. */
const made = new WeakMap<Row, { readonly main: Row | undefined; readonly session: Session }>();

/** Of the same rows the same session. */
function sameOf(row: Row, main: Row | undefined): Session {
  const known = made.get(row);
  if (known && known.main === main) return known.session;
  const session = sessionOf(row, main);
  made.set(row, { main, session });
  return session;
}

function sessionOf(row: Row, main: Row | undefined): Session {
  return {
    id: row.session,
    name: row.name,
    attached: row.attached !== '0',
    // Without a terminal that is attached it is when the session was made, or left.
    typed: row.attached === '0' ? undefined : seconds(row.typed),
    output: seconds(main?.output ?? ''),
    agent: row.agent,
    generation: whole(row.generation) ?? 0,
    run: row.run || undefined,
    fingerprint: row.fingerprint || undefined,
    started: whole(row.started),
    shown: row.shown,
    title: main?.title ?? '',
    main: main ? mainPane(main, whole(row.generation) ?? 0) : { state: 'gone' },
  };
}

function mainPane(row: Row, generation: number): MainPane {
  const pane = row.pane;
  if (generation === 0) return { state: 'empty', pane };
  if (row.dead !== '1') return { state: 'alive', pane, pid: Number(row.pid) };
  const at = whole(row.diedAt);
  return { state: 'dead', pane, exit: exitOf(row), at: at ? at * 1000 : undefined };
}

function exitOf(row: Row): Exit {
  return { code: whole(row.code), signal: signalNumber(row.signal) };
}

/** tmux writes a number, or the bare name where the system can tell it. */
function signalNumber(text: string): number | undefined {
  const named = (constants.signals as Readonly<Record<string, number>>)[`SIG${text.toUpperCase()}`];
  return named ?? whole(text);
}

function isRiddle(main: MainPane): boolean {
  return main.state === 'dead' && main.exit.code === undefined && main.exit.signal === undefined;
}

function seconds(text: string): Millis | undefined {
  const value = whole(text);
  return value ? value * 1_000 : undefined;
}

function whole(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
