import type { ServerResponse } from 'node:http';
import type { Colony } from '../colony.ts';
import { type EventsQuery, eventsQuery, Selection } from '../events-query.ts';
import { type Row, rowOf, rowsOf } from '../state/rows.ts';

/** What may wait in memory for a reader: some thousand entries. One who is slower is sent away, and may come back. */
const PATIENCE = 1024 * 1024;

/** So many rows are read before other work has its turn. */
const ROWS_AT_ONCE = 200;

/** A reader has to have taken all but so much before more is read for it. */
const AHEAD = 64 * 1024;

/** How long a reader who was sent away may take to read the last line. */
const FAREWELL = 10_000;

/** Send the entries of the journal that are asked for, one a line, and then those to come. */
export async function events(colony: Colony, params: URLSearchParams, response: ServerResponse): Promise<void> {
  const query = eventsQuery(colony, params);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  const newest = colony.journal.ledger.seq;
  const selection = new Selection(query, newest);
  const reader = new Reader(response, selection);
  const unlisten = query.follow
    ? colony.journal.listen((entry) => reader.add({ text: JSON.stringify(entry), value: entry }))
    : () => undefined;
  response.once('close', unlisten);
  reader.write(selection.first(newest));
  let count = 0;
  for (const row of kept(colony)) {
    reader.write(selection.take(row));
    count += 1;
    if (count % ROWS_AT_ONCE === 0) await reader.ready();
    if (reader.ended) return;
  }
  reader.goOn();
  if (!query.follow) response.end();
}

/** What is kept of a colony's journal, for those who ask while no supervisor runs. */
export function eventsOffline(colony: Colony, params: URLSearchParams): { readonly lines: readonly string[] } {
  const query: EventsQuery = eventsQuery(colony, params);
  const newest = colony.journal.ledger.seq;
  const selection = new Selection(query, newest);
  return { lines: [...selection.first(newest), ...[...kept(colony)].flatMap((row) => selection.take(row))] };
}

/** All rows that are kept of a colony's journal, oldest first. */
export function* kept({ journal, paths }: Colony): Generator<Row> {
  const rows = rowsOf(paths.journal);
  const pending = [...journal.pending];
  yield* rows;
  for (const line of pending) yield* rowOf(line);
}

/** The way to one reader: what is kept first, at the reader's own speed, then what happens, as long as it keeps up. */
class Reader {
  readonly #response: ServerResponse;
  readonly #selection: Selection;
  /** What happened while older rows are still being sent; undefined once they are. */
  #queue: Row[] | undefined = [];
  #waiting = 0;
  ended = false;

  constructor(response: ServerResponse, selection: Selection) {
    this.#response = response;
    this.#selection = selection;
    response.once('close', () => {
      this.ended = true;
    });
  }

  write(lines: readonly string[]): void {
    if (!this.ended && lines.length > 0) this.#response.write(lines.map((line) => `${line}\n`).join(''));
  }

  /** Resolves when there is room for more, or nobody there any more. */
  ready(): Promise<void> {
    if (this.ended || this.#response.writableLength < AHEAD) return new Promise((resolve) => setImmediate(resolve));
    return new Promise((resolve) => {
      const done = () => {
        this.#response.off('drain', done).off('close', done);
        resolve();
      };
      this.#response.on('drain', done).on('close', done);
    });
  }

  /** Send what happens, behind everything that is older. */
  add(row: Row): void {
    if (this.ended) return;
    if (this.#queue) {
      this.#queue.push(row);
      this.#waiting += row.text.length;
    } else this.write(this.#selection.take(row));
    if (this.#response.writableLength + this.#waiting > PATIENCE) this.#dismiss();
  }

  /** Everything older is sent. */
  goOn(): void {
    const queue = this.#queue ?? [];
    this.#queue = undefined;
    this.#waiting = 0;
    for (const row of queue) this.write(this.#selection.take(row));
  }

  #dismiss(): void {
    const why = `more than ${PATIENCE} bytes were not read; ask again with the last seq that was read`;
    this.ended = true;
    this.#queue = undefined;
    this.#response.end(`${JSON.stringify({ type: 'dropped', why })}\n`);
    setTimeout(() => this.#response.destroy(), FAREWELL).unref();
  }
}
