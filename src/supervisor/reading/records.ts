import { type FSWatcher, readdirSync, readFileSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { readRecord } from '../../agents/claude/record.ts';
import type { Record, RecordSaid } from '../../agents/reading.ts';
import { isAdopted } from '../../processes/adopted.ts';
import type { RunReader } from '../../processes/environ.ts';
import { readProcess } from '../../processes/table.ts';
import { isBelow } from '../../processes/tree.ts';
import { steadyOf } from '../../reconciler/offsets.ts';
import type { Bytes, Millis, Offset, RunId } from '../../reconciler/types.ts';

/** A record is some hundred bytes long. */
const MOST_BYTES: Bytes = 64 * 1024;

/** More records than programs run at a time: further ones are not read. */
const MOST_RECORDS = 2_000;

/** What the system does not tell of is found out after so long. */
const AGAIN: Millis = 1_000;

type Known = { readonly stamp: string; readonly record: Record | undefined };

/** One folder in which programs keep records about themselves: `sessions` below the configuration of Claude Code. */
export class Records {
  readonly #folder: string;
  readonly #onNews: () => void;
  readonly #known = new Map<string, Known>();
  #watcher: FSWatcher | undefined;
  #dirty = true;
  #readAt: Millis = Number.NEGATIVE_INFINITY;

  /** `onNews` is told when something in the folder changes. */
  constructor(configuration: string, onNews: () => void) {
    this.#folder = join(configuration, 'sessions');
    this.#onNews = onNews;
  }

  /**
   * The record of the program of a run; `main` is its main process. Undefined: there is none, or only one that a dead
   * process has left behind.
   */
  of(run: RunId, main: number, runs: RunReader, now: Millis, offsets: readonly Offset[]): RecordSaid | undefined {
    this.#read(now, offsets);
    const own = this.#known.get(`${main}.json`)?.record;
    const first = own && isOf(own, run, main, runs) ? own : this.#below(run, main, runs);
    return first && { ...first, at: now };
  }

  /** A launcher may stand above the program. What the program has started itself came later, and has a greater pid. */
  #below(run: RunId, main: number, runs: RunReader): Record | undefined {
    const records = [...this.#known.values()].flatMap(({ record }) => record ?? []).sort((a, b) => a.pid - b.pid);
    return records.find((record) => isOf(record, run, main, runs));
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  #read(now: Millis, offsets: readonly Offset[]): void {
    if (this.#watcher && !this.#dirty && now - this.#readAt < AGAIN) return;
    this.#dirty = false;
    this.#readAt = now;
    this.#watch();
    const names = new Set(namesIn(this.#folder));
    for (const name of this.#known.keys()) if (!names.has(name)) this.#known.delete(name);
    for (const name of names) this.#known.set(name, readAt(join(this.#folder, name), this.#known.get(name), offsets));
  }

  /** The folder is made by the first program that needs it, and where the system has no more watches, looks have to do. */
  #watch(): void {
    if (this.#watcher) return;
    try {
      this.#watcher = watch(this.#folder, { persistent: false }, () => {
        this.#dirty = true;
        this.#onNews();
      });
      this.#watcher.on('error', () => this.close());
    } catch {
      this.#watcher = undefined;
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+\.json$/.test(name))
      .slice(0, MOST_RECORDS);
  } catch {
    return [];
  }
}

/**
 * What is being written at the moment is read when it is whole; until then the former text stands. Its time is brought to
 * the colony's clock once, as it is read: who sleeps after that is not idle for longer.
 */
function readAt(path: string, before: Known | undefined, offsets: readonly Offset[]): Known {
  try {
    const info = statSync(path);
    const stamp = `${info.ino} ${info.mtimeMs} ${info.size}`;
    if (before?.stamp === stamp) return before;
    const read = info.isFile() && info.size <= MOST_BYTES ? readRecord(readFileSync(path, 'utf8')) : undefined;
    const record = read?.since === undefined ? read : { ...read, since: steadyOf(offsets, read.since) };
    return { stamp: record ? stamp : '', record: record ?? before?.record };
  } catch {
    return { stamp: '', record: undefined };
  }
}

/** Of this very process, and not of an earlier one with the same pid. */
function isOf({ pid, start }: Record, run: RunId, main: number, runs: RunReader): boolean {
  const proc = readProcess(pid);
  if (!proc || proc.zombie || (process.platform === 'linux' && start !== undefined && start !== proc.start))
    return false;
  return pid === main || runs.runOf(proc) === run || (isAdopted(run) && isBelow(proc, main));
}
