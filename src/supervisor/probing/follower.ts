import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Heard } from '../../probes/look.ts';
import type { Bytes, Millis, PaneId, Result, RunId } from '../../reconciler/types.ts';
import type { Tmux } from '../../tmux/types.ts';
import { refusal } from '../state/files.ts';
import { LineCutter, plainLines } from './lines.ts';
import { Listener, type LogSpec } from './listener.ts';
import { Spill } from './spill.ts';

/** A file above this size is given up for a new one. */
const LARGEST: Bytes = 1024 * 1024;

/** The writer of a file that was given up has ended when nothing was added for this long: it has only a pipe to empty. */
const DRAINED: Millis = 500;

/** Of a life that began no longer ago than this, all that its screen shows was printed just now. */
const YOUNG: Millis = 10_000;

/** Lines above the screen that are looked at when the watching begins. */
const HISTORY = 2_000;

/** The pipe is looked after this often while nothing comes out of it. */
const LOOK_AFTER: Millis = 10_000;

export type FollowerOptions = {
  readonly run: RunId;
  readonly pane: PaneId;
  /** The pane was made for this life: no earlier one has left anything above the screen. */
  readonly first: boolean;
  readonly age: Millis;
  /** A private folder. */
  readonly folder: string;
  readonly tmux: () => Pick<Tmux, 'pipe' | 'unpipe' | 'piped'> | undefined;
  readonly listeners: ReadonlyMap<string, Listener>;
};

/** A file, and since when nothing was added to it. */
type File = { readonly spill: Spill; quietSince: number; size: Bytes };

/**
 * Reads what one life of an agent prints, for its log probes.
 *
 * tmux adds it to a file, so that nobody has to keep up: what comes too fast is skipped and counted, and a file that
 * has grown is given up for a new one. The file is named by the run, so that a new supervisor goes on with it.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #cutter = new LineCutter();
  /** Files from the oldest to the one that is written to; each is read to its end before the next. */
  #files: readonly File[] = [];
  #number = 0;
  #work: Promise<void> | undefined;
  #problem = 'the output is not read yet';
  #lookedAfter = performance.now();
  #closed = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Read what has come since the last time, up to `most` bytes. */
  async read(most: Bytes): Promise<void> {
    this.#work ??= this.#read(most)
      .then(
        () => {
          this.#problem = '';
        },
        (error: unknown) => {
          this.#problem = `the output cannot be read: ${refusal(error)}`;
        },
      )
      .finally(() => {
        this.#work = undefined;
      });
    await this.#work;
  }

  /** What a probe has heard since the last time. */
  take(probe: string): Result<Heard, string> {
    if (this.#problem !== '') return { ok: false, error: this.#problem };
    const heard = this.#options.listeners.get(probe)?.take(this.#cutter.unfinished);
    return heard ? { ok: true, value: heard } : { ok: false, error: 'the output is not read yet' };
  }

  /** Read no more. The pipe goes on, for the next supervisor. */
  close(): void {
    this.#closed = true;
  }

  /** Read no more, and leave nothing behind. */
  async remove(): Promise<void> {
    this.#closed = true;
    const gone = this.#options.tmux()?.unpipe(this.#options.pane);
    for (const { spill } of this.#files) spill.remove();
    await Promise.all([gone, this.#work]);
    for (const { spill } of this.#files) spill.remove();
  }

  async #read(most: Bytes): Promise<void> {
    if (this.#files.length === 0) await this.#open();
    for (const file of [...this.#files]) {
      if (this.#closed) return;
      this.#hearNew(file.spill.read(most));
      if (!this.#isOver(file)) break;
      file.spill.remove();
      this.#files = this.#files.filter((other) => other !== file);
    }
    await this.#lookAfter();
  }

  /** Go on where an earlier supervisor was, or begin. */
  async #open(): Promise<void> {
    const { run, folder } = this.#options;
    const earlier = numbersOf(readdirSync(folder), run);
    const last = earlier.at(-1);
    if (last === undefined) return this.#begin();
    this.#number = last;
    for (const number of earlier) {
      const spill = new Spill(this.#path(number));
      for (const line of new LineCutter().take(spill.read(LARGEST).bytes)) this.#hear(line, false);
      if (number === last) this.#files = [{ spill, quietSince: 0, size: 0 }];
      else spill.remove();
    }
    this.#lookedAfter = Number.NEGATIVE_INFINITY;
  }

  /** Nothing of this life was read so far; what its screen shows is all there is. */
  async #begin(): Promise<void> {
    const shown = await this.#pipe(this.#options.first ? HISTORY : 0);
    const isNew = this.#options.age < YOUNG;
    for (const line of shown.flatMap(plainLines)) this.#hear(line, isNew);
  }

  /** Let the pane write to a new file. */
  async #pipe(history: number): Promise<readonly string[]> {
    const tmux = this.#options.tmux();
    if (!tmux) throw new Error('tmux cannot be reached');
    const path = this.#path(this.#number + 1);
    const begun = await tmux.pipe(this.#options.pane, path, { history });
    if (!begun.ok) throw new Error(`tmux ${begun.error.command}: ${begun.error.why}`);
    this.#number += 1;
    this.#files = [...this.#files, { spill: new Spill(path), quietSince: performance.now(), size: 0 }];
    this.#lookedAfter = performance.now();
    return begun.value;
  }

  /** A file that has grown is given up, and so is one that nobody writes to: a pipe whose program was ended stays closed. */
  async #lookAfter(): Promise<void> {
    const [file, next] = this.#files;
    if (!file || next || this.#closed) return;
    const { size } = file.spill;
    if (size === undefined || size > LARGEST) {
      await this.#pipe(0);
      return;
    }
    if (performance.now() - Math.max(this.#lookedAfter, file.quietSince) < LOOK_AFTER) return;
    this.#lookedAfter = performance.now();
    const piped = await this.#options.tmux()?.piped(this.#options.pane);
    if (piped?.ok && !piped.value && !this.#closed) await this.#pipe(0);
  }

  /** Whether a file was given up and its writer has ended. */
  #isOver(file: File): boolean {
    const { size } = file.spill;
    const now = performance.now();
    if (size !== file.size) Object.assign(file, { size: size ?? 0, quietSince: now });
    const isLast = this.#files.at(-1) === file;
    return !isLast && (size === undefined || now - file.quietSince >= DRAINED);
  }

  #hearNew({ bytes, skipped }: { readonly bytes: Buffer; readonly skipped: Bytes }): void {
    if (skipped > 0) {
      this.#cutter.skip();
      for (const listener of this.#options.listeners.values()) listener.miss(skipped);
    }
    for (const line of this.#cutter.take(bytes)) this.#hear(line, true);
  }

  #hear(line: string, isNew: boolean): void {
    for (const listener of this.#options.listeners.values()) listener.hear(line, isNew);
  }

  #path(number: number): string {
    return join(this.#options.folder, fileOf(this.#options.run, number));
  }
}

/** The name of the n-th file of a run. */
export const fileOf = (run: RunId, number: number): string => `${run}.${number}.out`;

/** The run that a file belongs to; undefined: it is none of these files. */
export function runOf(file: string): RunId | undefined {
  return /^(.+)\.\d+\.out$/.exec(file)?.[1];
}

/** The numbers of the files of a run, in order. */
function numbersOf(files: readonly string[], run: RunId): readonly number[] {
  return files
    .filter((file) => runOf(file) === run)
    .map((file) => Number(file.slice(run.length + 1, -'.out'.length)))
    .sort((a, b) => a - b);
}

/** The listeners for log probes, by their place; those that were there before keep what they have heard. */
export function listenersFor(
  specs: ReadonlyMap<string, LogSpec>,
  before: ReadonlyMap<string, Listener>,
): ReadonlyMap<string, Listener> {
  return new Map([...specs].map(([place, spec]) => [place, before.get(place) ?? new Listener(spec)]));
}
