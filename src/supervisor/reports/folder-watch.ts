import { type FSWatcher, watch } from 'node:fs';
import type { Millis } from '../../reconciler/types.ts';

/** What comes within this time is read together. */
const TOGETHER: Millis = 20;
/** Where much comes, the folder is not read more often than this. */
const APART: Millis = 200;

/** Says when a folder is to be read: soon after something came into it, and not too often. */
export class FolderWatch {
  readonly #folder: string;
  readonly #due: () => void;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** When the folder was last read, on the monotonic clock. */
  #last: Millis = Number.NEGATIVE_INFINITY;

  constructor(folder: string, due: () => void) {
    this.#folder = folder;
    this.#due = due;
  }

  /** Watch it from now on. Where the system has no more watches to give, the long look of the supervisor has to do. */
  begin(): void {
    if (this.#watcher) return;
    try {
      this.#watcher = watch(this.#folder, { persistent: false }, () => this.soon());
      this.#watcher.on('error', () => {
        this.#watcher?.close();
        this.#watcher = undefined;
      });
    } catch {
      this.#watcher = undefined;
    }
  }

  /** Something may have come. */
  soon(): void {
    const pause = Math.max(TOGETHER, this.#last + APART - performance.now());
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#due();
    }, pause).unref();
  }

  /** It is being read now. */
  isRead(): void {
    this.#last = performance.now();
  }

  close(): void {
    this.#watcher?.close();
    clearTimeout(this.#timer);
  }
}
