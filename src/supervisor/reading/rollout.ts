import { type FSWatcher, watch } from 'node:fs';
import { emptyTranscript, withLine } from '../../agents/codex/transcript.ts';
import type { Transcript } from '../../agents/reading.ts';
import { steadyOf } from '../../reconciler/offsets.ts';
import type { Millis, Offset } from '../../reconciler/types.ts';
import { type Held, heldBy } from './held-conversations.ts';
import { type Fold, Tail } from './tail.ts';

/** The last turn stands at the end of a conversation. Lines that are too long to be read are results of tools. */
const MOST_BYTES = 512 * 1024;

/** How often the open files of a program are looked at, while it prints: it may have begun another conversation. */
const AGAIN: Millis = 1_000;

/** And while it does not: to open one it needs a person, or an answer, and shows either. */
const SELDOM: Millis = 30_000;

/** So long after its last word a program may still be opening what it has spoken of. */
const SETTLED: Millis = 10_000;

/** Of more conversations than this the person has left the others long ago. */
const MOST = 8;

/** Which conversation a Codex is in, and what is written of it: only what is added is read. */
export class Rollout {
  #at: Millis = Number.NEGATIVE_INFINITY;
  #held: readonly Held[] = [];
  #tails = new Map<string, Tail<Transcript>>();
  #offsets: readonly Offset[] = [];
  readonly #turns: Fold<Transcript> = {
    empty: emptyTranscript,
    add: (before, line) => withLine(before, line, this.#offsets),
    most: MOST_BYTES,
  };
  #watched: string | undefined;
  #watcher: FSWatcher | undefined;
  readonly #onNews: () => void;

  /** `onNews` is told when something is added to the conversation. */
  constructor(onNews: () => void) {
    this.#onNews = onNews;
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#watched = undefined;
  }

  /**
   * What is known of the conversation of a process; undefined: it is in none, or nobody can tell.
   *
   * It is the one that was opened last, or given a prompt since: a person may go back and forth between those that are open.
   * `output`: when it printed last, rounded down to the second.
   */
  of(main: number, now: Millis, offsets: readonly Offset[], output: Millis | undefined): Transcript | undefined {
    this.#offsets = offsets;
    if (this.#isDue(now, output)) {
      this.#at = now;
      this.#look(main);
    }
    const all = this.#held.map(({ id, path, opened }) => {
      const transcript = (path === undefined ? undefined : this.#tails.get(path)?.read()) ?? emptyTranscript;
      return {
        path,
        used: Math.max(steadyOf(offsets, opened), transcript.prompted ?? 0),
        transcript: { ...transcript, session: id },
      };
    });
    const [present] = all.toSorted((a, b) => b.used - a.used);
    if (present?.path !== undefined) this.#watch(present.path);
    return present?.transcript;
  }

  #isDue(now: Millis, output: Millis | undefined): boolean {
    const ago = now - this.#at;
    if (ago < AGAIN || ago >= SELDOM) return ago >= SELDOM;
    return this.#held.length === 0 || output === undefined || output + SETTLED > this.#at;
  }

  #look(main: number): void {
    const held = heldBy(main).slice(0, MOST);
    // A process that ends closes its files one by one.
    if (held.length === 0) return;
    this.#held = held;
    const paths = held.flatMap(({ path }) => path ?? []);
    this.#tails = new Map(paths.map((path) => [path, this.#tails.get(path) ?? new Tail(path, this.#turns)]));
  }

  #watch(path: string): void {
    if (this.#watched === path) return;
    this.close();
    this.#watched = path;
    try {
      this.#watcher = watch(path, { persistent: false }, this.#onNews);
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // Where the system has no more watches, looks have to do.
    }
  }
}
