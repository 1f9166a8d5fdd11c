import { renameSync } from 'node:fs';
import { damageText } from '../../reconciler/describe.ts';
import { record } from '../../reconciler/ledger.ts';
import { presentAhead, steppedBy } from '../../reconciler/offsets.ts';
import type { Entry, Event, Ledger, Millis } from '../../reconciler/types.ts';
import type { Clock } from '../clock.ts';
import { Appender } from './appender.ts';
import { Backlog } from './backlog.ts';
import { refusal } from './files.ts';
import { type Damage, ENTRIES_PER_PART, type JournalPaths, load, olderPart } from './load.ts';
import { repair } from './repair.ts';
import { writeSnapshot } from './snapshot.ts';

/** A part of the journal is full at ENTRIES_PER_PART entries, or at so many bytes. */
const BYTES_PER_PART = 8 * 1024 * 1024;

/** A part that cannot be closed, because the ledger cannot be saved, grows to so many times its size and no further. */
const PATIENCE = 4;

/** How often it is tried again what the disk refused. */
const RETRY = 1_000;

/** Two clocks that are read within this time show the same instant. */
const AT_ONCE: Millis = 100;

/**
 * What has happened, and what is known from it.
 *
 * An entry is on its way to the disk before anybody is told of it. A supervisor that is killed loses nothing: the next
 * one reads the last snapshot and folds in the entries after it. A disk that takes nothing stops nobody: what could not
 * be written is kept (see Backlog), and written in its order as soon as there is space.
 *
 * On disk it takes at most two parts, each of 5000 entries or 8 MiB and one entry, whichever is less; 32 MiB for a part
 * whose ledger cannot be saved. Besides them there may be one damaged journal of at most 32 MiB.
 */
export class Journal {
  #ledger: Ledger;
  #entries: number;
  readonly #file: Appender;
  readonly #backlog = new Backlog();
  readonly #paths: JournalPaths;
  readonly #clock: Clock;
  readonly #wall: Clock;
  /** When the two clocks were last looked at, on the colony's. */
  #seen: Millis;
  readonly #listeners = new Set<(entry: Entry) => void>();
  #unwritable: string | undefined;
  #unsaved: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What was found wrong when it was opened; the file that was put aside is part of it. */
  readonly damage: (Damage & { readonly aside: string | undefined }) | undefined;

  /** `wall`: the clock of the machine, where it may go apart from the colony's. */
  constructor(paths: JournalPaths, clock: Clock, wall: Clock = clock) {
    const loaded = load(paths);
    this.#paths = paths;
    this.#clock = clock;
    this.#wall = wall;
    this.#ledger = loaded.ledger;
    this.#seen = loaded.ledger.at;
    this.#entries = loaded.entries;
    const aside = repair(paths.journal, loaded);
    this.#file = new Appender(paths.journal);
    if (!loaded.damage) return;
    this.damage = { ...loaded.damage, aside };
    this.#save();
    this.announce({ type: 'journal_damaged', ...this.damage });
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  /** Lines that wait for the disk, with their ends. */
  get pending(): readonly string[] {
    return this.#backlog.texts;
  }

  /** What a person should know about the records, as sentences. */
  get warnings(): readonly string[] {
    const { waiting, lost } = this.#backlog;
    const forgotten = lost > 0 ? `, ${lost} older ones are lost` : '';
    return [
      ...(this.#unwritable === undefined
        ? []
        : [`the journal cannot be written: ${this.#unwritable}; ${waiting} entries are kept in memory${forgotten}`]),
      ...(this.#unsaved === undefined ? [] : [`the ledger cannot be saved: ${this.#unsaved}`]),
      ...(this.damage ? [`the journal was damaged when this supervisor started: ${damageText(this.damage)}`] : []),
    ];
  }

  /** Write an event down, fold it into the ledger, and tell the listeners. */
  announce(event: Event): Entry {
    this.look();
    return this.#add(event);
  }

  /** Look whether the machine's clock has gone apart from the colony's, and write it down before anything else. */
  look(): void {
    const { offsets } = this.#ledger;
    const before = this.#clock();
    const wall = this.#wall();
    const now = this.#clock();
    // On a loaded machine a process may stand still between two of its own lines.
    if (now - before > AT_ONCE) return;
    const offset = steppedBy(offsets, { seen: this.#seen, now, wall });
    this.#seen = now;
    if (offset) this.#add({ type: 'clock_stepped', by: presentAhead(offsets) - offset.ahead, ...offset });
  }

  #add(event: Event): Entry {
    const entry: Entry = { seq: this.#ledger.seq + 1, at: this.#clock(), ...event };
    const why = this.#put(entry.seq, `${JSON.stringify(entry)}\n`);
    this.#ledger = record(this.#ledger, entry);
    this.#entries += 1;
    if (this.#unwritable === undefined && this.#isFull()) this.#startNewPart();
    for (const listener of this.#listeners) listener(entry);
    if (why !== undefined) this.announce({ type: 'journal_unwritable', why });
    return entry;
  }

  /** Hear of every entry from now on; the answer ends it. */
  listen(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Try again what the disk refused. Done by itself every second while something waits. */
  retry(): void {
    if (this.#unwritable !== undefined) this.#drain();
    if (this.#unsaved !== undefined && this.#save() && this.#isFull()) this.#startNewPart();
    if (this.#unwritable === undefined && this.#unsaved === undefined) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  close(): void {
    this.retry();
    this.#save();
    clearInterval(this.#timer);
    this.#file.close();
  }

  /** The answer is why the journal cannot be written any more, if it just stopped to be. */
  #put(seq: number, line: string): string | undefined {
    const before = this.#unwritable;
    if (before === undefined) this.#unwritable = this.#file.append(line);
    if (this.#unwritable === undefined) return undefined;
    this.#backlog.add(seq, line);
    this.#tryLater();
    return before === undefined ? this.#unwritable : undefined;
  }

  #drain(): void {
    // With entries lost the journal alone no longer tells the state.
    if (this.#backlog.lost > 0) this.#save();
    this.#unwritable = this.#backlog.drain((lines) => this.#file.append(lines));
    if (this.#unwritable === undefined) this.announce({ type: 'journal_writable', ...this.#backlog.settle() });
  }

  #isFull(): boolean {
    return this.#entries >= ENTRIES_PER_PART || this.#file.size >= BYTES_PER_PART;
  }

  #startNewPart(): void {
    if (this.#unsaved !== undefined && this.#file.size < PATIENCE * BYTES_PER_PART) return;
    if (!this.#save() && this.#file.size < PATIENCE * BYTES_PER_PART) return;
    this.#file.close();
    try {
      renameSync(this.#paths.journal, olderPart(this.#paths.journal));
      this.#entries = 0;
    } catch (error) {
      this.#unsaved = refusal(error);
      this.#tryLater();
    }
  }

  #save(): boolean {
    try {
      writeSnapshot(this.#paths.ledger, this.#ledger);
      this.#unsaved = undefined;
      return true;
    } catch (error) {
      this.#unsaved = refusal(error);
      this.#tryLater();
      return false;
    }
  }

  #tryLater(): void {
    this.#timer ??= setInterval(() => this.retry(), RETRY).unref();
  }
}
