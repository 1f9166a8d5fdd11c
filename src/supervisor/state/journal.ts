import { closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { emptyLedger, record } from '../../reconciler/ledger.ts';
import type { Entry, Event, Ledger } from '../../reconciler/types.ts';
import type { Clock } from '../clock.ts';
import { writeAtomic } from './files.ts';

/** After so many entries the ledger is written out and the journal starts anew, with one older part kept. */
const ENTRIES_PER_PART = 5_000;

export type JournalPaths = { readonly journal: string; readonly ledger: string };

type Snapshot = Omit<Ledger, 'agents'> & { readonly agents: readonly (readonly [string, unknown])[] };

/**
 * What has happened, and what is known from it.
 *
 * An entry is on its way to the disk before anybody is told of it. A supervisor that is killed loses nothing: the next
 * one reads the last snapshot and folds in the entries after it. A line torn by the kill is left out.
 */
export class Journal {
  #ledger: Ledger;
  #fd: number;
  #entries: number;
  readonly #paths: JournalPaths;
  readonly #clock: Clock;
  readonly #listeners = new Set<(entry: Entry) => void>();
  /** Lines of the journal that could not be read when it was opened. */
  readonly unreadable: number;

  constructor(paths: JournalPaths, clock: Clock) {
    const { ledger, entries, unreadable, torn } = load(paths);
    this.#paths = paths;
    this.#clock = clock;
    this.#ledger = ledger;
    this.#entries = entries;
    this.unreadable = unreadable;
    this.#fd = openSync(paths.journal, 'a', 0o600);
    if (torn) writeSync(this.#fd, '\n');
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  /** Write an event down, fold it into the ledger, and tell the listeners. */
  announce(event: Event): Entry {
    const entry: Entry = { seq: this.#ledger.seq + 1, at: this.#clock(), ...event };
    writeSync(this.#fd, `${JSON.stringify(entry)}\n`);
    this.#ledger = record(this.#ledger, entry);
    this.#entries += 1;
    if (this.#entries >= ENTRIES_PER_PART) this.#startNewPart();
    for (const listener of this.#listeners) listener(entry);
    return entry;
  }

  /** Hear of every entry from now on; the answer ends it. */
  listen(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#snapshot();
    closeSync(this.#fd);
  }

  #startNewPart(): void {
    this.#snapshot();
    closeSync(this.#fd);
    renameSync(this.#paths.journal, `${this.#paths.journal}.1`);
    this.#fd = openSync(this.#paths.journal, 'a', 0o600);
    this.#entries = 0;
  }

  #snapshot(): void {
    const snapshot: Snapshot = { ...this.#ledger, agents: [...this.#ledger.agents] };
    writeAtomic(this.#paths.ledger, JSON.stringify(snapshot));
  }
}

type Loaded = { ledger: Ledger; entries: number; unreadable: number; torn: boolean };

/** The ledger as the files tell it, for those who only want to read. */
export function loadLedger(paths: JournalPaths): Ledger {
  return load(paths).ledger;
}

function load(paths: JournalPaths): Loaded {
  const text = existsSync(paths.journal) ? readFileSync(paths.journal, 'utf8') : '';
  const lines = text.split('\n').filter((line) => line !== '');
  let ledger = loadSnapshot(paths.ledger);
  let unreadable = 0;
  for (const line of lines) {
    const entry = parseEntry(line);
    if (!entry) unreadable += 1;
    else if (entry.seq > ledger.seq) ledger = record(ledger, entry);
  }
  return { ledger, entries: lines.length, unreadable, torn: text !== '' && !text.endsWith('\n') };
}

function loadSnapshot(path: string): Ledger {
  try {
    const snapshot = JSON.parse(readFileSync(path, 'utf8')) as Snapshot;
    if (!Number.isSafeInteger(snapshot.seq) || snapshot.seq < 0) return emptyLedger;
    // An older colony knew less: what its snapshot does not hold is as at the beginning.
    return { ...emptyLedger, ...snapshot, agents: new Map(snapshot.agents) as Ledger['agents'] };
  } catch {
    return emptyLedger;
  }
}

function parseEntry(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line) as Partial<Entry> | null;
    const { seq, at, type } = entry ?? {};
    return typeof seq === 'number' && typeof at === 'number' && typeof type === 'string' ? (entry as Entry) : undefined;
  } catch {
    return undefined;
  }
}
