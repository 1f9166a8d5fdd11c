import { closeSync, type FSWatcher, openSync, readSync, watch } from 'node:fs';
import { emptyTranscript, withLine } from '../../agents/codex/transcript.ts';
import type { Transcript } from '../../agents/reading.ts';
import type { Millis } from '../../reconciler/types.ts';
import { openFilesOf } from './open-files.ts';
import { type Fold, Tail } from './tail.ts';

/** The last turn stands at the end of a conversation. Lines that are too long to be read are results of tools. */
const TURNS: Fold<Transcript> = { empty: emptyTranscript, add: withLine, most: 512 * 1024 };

/** How often the open files of a program are looked at: it may have begun another conversation. */
const AGAIN: Millis = 1_000;

/** Codex holds a lock of the conversation it is in from its start, and its file from the first prompt on. */
const LOCK = /\/thread-writer-locks\/([0-9a-f-]{36})\.lock$/;
const ROLLOUT = /\/rollout-[^/]*-([0-9a-f-]{36})\.jsonl$/;

/** Which conversation a Codex is in, and what is written of it: only what is added is read. */
export class Rollout {
  #at: Millis = Number.NEGATIVE_INFINITY;
  #open: { readonly id: string; readonly path: string | undefined } | undefined;
  #tail: Tail<Transcript> | undefined;
  #watcher: FSWatcher | undefined;
  readonly #onNews: () => void;

  /** `onNews` is told when something is added to the conversation. */
  constructor(onNews: () => void) {
    this.#onNews = onNews;
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /** What is known of the conversation of a process; undefined: it is in none, or nobody can tell. */
  of(main: number, now: Millis): Transcript | undefined {
    if (now - this.#at >= AGAIN) {
      this.#at = now;
      this.#open = conversationOf(main) ?? this.#open;
    }
    if (!this.#open) return undefined;
    const { id, path } = this.#open;
    if (path === undefined) return { ...emptyTranscript, session: id };
    if (this.#tail?.path !== path) {
      this.#tail = new Tail(path, TURNS);
      this.#watch(path);
    }
    return { ...this.#tail.read(), session: id };
  }

  #watch(path: string): void {
    this.close();
    try {
      this.#watcher = watch(path, { persistent: false }, this.#onNews);
      this.#watcher.on('error', () => this.close());
    } catch {
      // Where the system has no more watches, looks have to do.
    }
  }
}

/** The newest one: ids begin with the time at which they were made, and those of former ones stay open. */
function conversationOf(main: number): { readonly id: string; readonly path: string | undefined } | undefined {
  const files = openFilesOf(main);
  const written = new Map(
    files.flatMap((path): [string, string][] => {
      const id = ROLLOUT.exec(path)?.[1];
      return id === undefined ? [] : [[id, path]];
    }),
  );
  const inner = new Set([...written].flatMap(([id, path]) => (isSubAgents(path) ? [id] : [])));
  const ids = new Set([...files.flatMap((path) => LOCK.exec(path)?.[1] ?? []), ...written.keys()]);
  const [id] = [...ids]
    .filter((each) => !inner.has(each))
    .sort()
    .reverse();
  return id === undefined ? undefined : { id, path: written.get(id) };
}

/** Its first line tells who has begun a conversation. */
function isSubAgents(path: string): boolean {
  try {
    const fd = openSync(path, 'r');
    try {
      const head = Buffer.alloc(4096);
      const text = head.toString('utf8', 0, readSync(fd, head, 0, head.length, 0));
      return /"thread_source": ?"(?!user")/.test(text);
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
}
