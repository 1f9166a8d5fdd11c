import { join } from 'node:path';
import type { Heard } from '../../probes/look.ts';
import type { Bytes, Millis, PaneId, Result, RunId } from '../../reconciler/types.ts';
import type { Tmux } from '../../tmux/types.ts';
import { privateDir, refusal } from '../state/files.ts';
import { LineCutter, plainLines } from './lines.ts';
import type { Listener } from './listener.ts';
import { type Part, Spill } from './spill.ts';

/** A file that is larger is emptied once it is read. */
const LARGEST: Bytes = 1024 * 1024;

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
  /** How long ago this life began. */
  readonly age: Millis;
  /** A private folder. */
  readonly folder: string;
  readonly tmux: () => Pick<Tmux, 'pipe' | 'unpipe' | 'piped'> | undefined;
  /** Who wants to hear what is printed, by the place of the probe. */
  readonly listeners: ReadonlyMap<string, Listener>;
};

/**
 * Reads what one life of an agent prints, for its log probes.
 *
 * tmux adds it to a file, so that nobody has to keep up: what comes too fast is skipped and counted. The file is named
 * by the run, so that a new supervisor goes on with it; what it holds by then is not new.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #spill: Spill;
  readonly #cutter = new LineCutter();
  #work: Promise<void> | undefined;
  #begun = false;
  #problem: string | undefined = 'the output is not read yet';
  #lastSign = performance.now();
  #closed = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#spill = new Spill(join(options.folder, fileOf(options.run)));
  }

  /** Read what has come since the last time, up to `most` bytes. */
  read(most: Bytes): Promise<void> {
    this.#work ??= this.#read(most)
      .catch((error: unknown) => `the output cannot be read: ${refusal(error)}`)
      .then((problem) => {
        this.#problem = problem;
        this.#work = undefined;
      });
    return this.#work;
  }

  /** What a probe has heard since the last time. */
  async take(place: string): Promise<Result<Heard, string>> {
    const listener = this.#options.listeners.get(place);
    if (this.#problem !== undefined || !listener) return { ok: false, error: this.#problem ?? 'nobody listens' };
    return listener.take(this.#cutter.unfinished);
  }

  /** Read no more. The pipe goes on, for whoever comes next. */
  close(): void {
    this.#closed = true;
  }

  /** Read no more, and leave nothing behind. */
  async remove(): Promise<void> {
    this.#closed = true;
    const released = this.#options.tmux()?.unpipe(this.#options.pane);
    this.#spill.remove();
    await Promise.all([released, this.#work]);
    this.#spill.remove();
  }

  /** The answer is why nothing could be read. */
  async #read(most: Bytes): Promise<string | undefined> {
    const problem = this.#begun ? await this.#lookAfter() : await this.#begin();
    if (problem !== undefined || this.#closed) return problem;
    const part = this.#spill.read(most);
    // At once: what is printed between the two is lost.
    const lost = this.#spill.empty(LARGEST);
    await this.#hearPart(part);
    this.#miss(lost);
    return undefined;
  }

  /** Go on where another one was; or else what the screen shows is all there is of the time before. */
  async #begin(): Promise<string | undefined> {
    const goesOn = this.#spill.size !== undefined;
    const shown = goesOn ? [] : await this.#pipe(this.#options.first ? HISTORY : 0);
    if (typeof shown === 'string') return shown;
    if (goesOn) await this.#hear(this.#cutter.take(this.#spill.read(LARGEST).bytes), false);
    await this.#hear(shown.flatMap(plainLines), this.#options.age < YOUNG);
    this.#begun = true;
    if (goesOn) this.#lastSign = Number.NEGATIVE_INFINITY;
    return undefined;
  }

  /** Begin to write to the file; the answer is what was there to see before, or why it cannot be. */
  async #pipe(history: number): Promise<readonly string[] | string> {
    const tmux = this.#options.tmux();
    if (!tmux) return 'tmux cannot be reached';
    privateDir(this.#options.folder);
    this.#spill.make();
    const begun = await tmux.pipe(this.#options.pane, this.#spill.path, { history });
    if (begun.ok) return begun.value;
    // A file means that somebody has begun.
    this.#spill.remove();
    return `tmux ${begun.error.command}: ${begun.error.why}`;
  }

  /** A pipe whose program was ended, or whose file was taken away, stays so until somebody begins anew. */
  async #lookAfter(): Promise<string | undefined> {
    const now = performance.now();
    const isThere = this.#spill.size !== undefined;
    if (isThere && now - this.#lastSign < LOOK_AFTER) return undefined;
    this.#lastSign = now;
    const piped = isThere ? await this.#options.tmux()?.piped(this.#options.pane) : undefined;
    if (this.#closed || (piped?.ok && piped.value)) return undefined;
    const begun = await this.#pipe(0);
    return typeof begun === 'string' ? begun : undefined;
  }

  async #hearPart({ bytes, skipped }: Part): Promise<void> {
    if (bytes.length > 0) this.#lastSign = performance.now();
    this.#miss(skipped);
    await this.#hear(this.#cutter.take(bytes), true);
  }

  #miss(bytes: Bytes): void {
    if (bytes === 0) return;
    this.#cutter.skip();
    for (const listener of this.#options.listeners.values()) listener.miss(bytes);
  }

  async #hear(lines: readonly string[], areNew: boolean): Promise<void> {
    await Promise.all([...this.#options.listeners.values()].map((listener) => listener.hear(lines, areNew)));
  }
}

/** The name of the file of a run. */
export const fileOf = (run: RunId): string => `${run}.out`;
