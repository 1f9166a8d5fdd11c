import { appendFile, rename, rm, writeFile } from 'node:fs/promises';
import { type LiveRuns, type RunRecord, recordRun } from '../../reconciler/runs.ts';
import type { Entry, Millis } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';
import { refusal } from '../state/files.ts';
import { type HistoryKeeper, type Lives, loadLives, type StoredLive } from './load.ts';
import { limitsOf, type Past } from './past.ts';

/** How often it is written down that those which run still do. */
export const REFRESH: Millis = 30_000;

/** What happens within this time is written at once. */
const COALESCE: Millis = 1_000;

/** So many ends wait for a full disk; older ones are told by the journal, or lost. */
const WAITING = 10_000;

/** The file is written anew when it has twice the lines that are wanted, and so many more. */
const SLACK = 1_000;

/**
 * Keeps the records of past lives, beside the work: nobody ever waits for it.
 *
 * Ends are appended to one file; those that run stand in another, which is written as a whole twice a minute. Both are
 * behind the journal, and whoever reads them completes them from it.
 */
export class Historian implements HistoryKeeper {
  readonly #colony: Colony;
  #live: LiveRuns;
  #past: Past;
  #seq: number;
  #lines: number;
  #waiting: RunRecord[];
  #torn = false;
  #closed = false;
  #writing: Promise<void> = Promise.resolve();
  #soon: NodeJS.Timeout | undefined;
  readonly #refresh: NodeJS.Timeout;
  readonly #unlisten: () => void;
  #unwritable: string | undefined;

  constructor(colony: Colony) {
    const { live, past, unwritten, seq, lines }: Lives = loadLives(
      colony.paths,
      colony.journal.pending,
      limitsOf(colony),
    );
    this.#colony = colony;
    this.#live = live;
    this.#past = past;
    this.#seq = seq;
    this.#lines = lines;
    this.#waiting = [...unwritten];
    this.#unlisten = colony.journal.listen((entry) => this.#take(entry));
    this.#refresh = setInterval(() => this.#writeSoon(0), REFRESH).unref();
    this.#writeSoon(COALESCE);
  }

  get lives(): Lives {
    return {
      live: this.#live,
      past: this.#past,
      unwritten: [],
      seq: this.#seq,
      // Whoever asks a supervisor that lives learns how it is now.
      refreshed: this.#colony.clock(),
      lines: this.#lines,
    };
  }

  get warnings(): readonly string[] {
    return this.#unwritable === undefined ? [] : [`the history cannot be written: ${this.#unwritable}`];
  }

  /** Write for the last time; to be called again does nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#unlisten();
    clearInterval(this.#refresh);
    await this.#writing;
    await this.#write();
    clearTimeout(this.#soon);
  }

  #take(entry: Entry): void {
    const { live, ended, last } = recordRun(this.#live, entry);
    const changed = live !== this.#live;
    this.#live = live;
    this.#seq = entry.seq;
    const limits = limitsOf(this.#colony);
    for (const record of ended) this.#past.add(record, limits);
    const whole = last && this.#past.finish(last, limits);
    this.#waiting.push(...ended);
    if (whole) this.#waiting = [...this.#waiting.filter(({ run }) => run !== whole.run), whole];
    if (this.#waiting.length > WAITING) this.#waiting = this.#waiting.slice(-WAITING);
    if (changed || whole) this.#writeSoon(COALESCE);
  }

  #writeSoon(delay: Millis): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#writing = this.#writing.then(() => this.#write());
    }, delay).unref();
  }

  /** Ends before lives: one that was written and still stands among the living is known by its run. */
  async #write(): Promise<void> {
    const ended = this.#waiting;
    const stored: StoredLive = {
      seq: this.#seq,
      refreshed: this.#colony.clock(),
      runs: [...this.#live.values()],
    };
    this.#waiting = [];
    try {
      if (ended.length > 0) await this.#append(ended);
      await replace(this.#colony.paths.running, JSON.stringify(stored));
      await this.#compact();
      this.#unwritable = undefined;
    } catch (error) {
      // What was appended already is known by its run.
      this.#unwritable = refusal(error);
      this.#waiting = [...ended, ...this.#waiting];
      this.#writeSoon(COALESCE);
    }
  }

  async #append(records: readonly RunRecord[]): Promise<void> {
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    const torn = this.#torn;
    this.#torn = true;
    await appendFile(this.#colony.paths.history, `${torn ? '\n' : ''}${text}`, { mode: 0o600 });
    this.#torn = false;
    this.#lines += records.length;
  }

  async #compact(): Promise<void> {
    const kept = this.#past.within(limitsOf(this.#colony), this.#colony.clock());
    if (this.#lines <= 2 * kept.length + SLACK) return;
    const text = kept.map((record) => `${JSON.stringify(record)}\n`).join('');
    await replace(this.#colony.paths.history, text);
    this.#lines = kept.length;
  }
}

/** Begin to keep the history of a colony, if nobody does yet. */
export function keepHistory(colony: Colony): void {
  colony.historian ??= new Historian(colony);
}

async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
