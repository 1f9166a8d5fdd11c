import { type FSWatcher, watch } from 'node:fs';
import { emptyLog, type Log, withLogLine } from '../../agents/opencode/log.ts';
import type { Millis } from '../../reconciler/types.ts';
import { openFilesOf } from './open-files.ts';
import { type Fold, Tail } from './tail.ts';

/** All opencodes of a person write into one log; a life of many days is found in so much of it. */
const LINES: Fold<Log> = { empty: emptyLog, add: withLogLine, most: 4 * 1024 * 1024 };

/** What is written within this time is read together. */
const TOGETHER: Millis = 100;

/** The log that an opencode holds open; undefined: it has not opened it yet, or nobody can tell. */
export function logOf(main: number): string | undefined {
  return openFilesOf(main).find((path) => path.endsWith('/opencode/log/opencode.log'));
}

/** A log that many programs write into, read once for all of them. */
export class SharedLog {
  readonly #tail: Tail<Log>;
  readonly #onNews: () => void;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #log = emptyLog;

  /** `onNews` is told when a line says something new of any program. */
  constructor(path: string, onNews: () => void) {
    this.#tail = new Tail(path, LINES);
    this.#onNews = onNews;
    try {
      this.#watcher = watch(path, { persistent: false }, () => this.#soon());
      this.#watcher.on('error', () => this.close());
    } catch {
      // Where the system has no more watches, looks have to do.
    }
  }

  /** What its lines have come to by now. */
  read(): Log {
    this.#log = this.#tail.read();
    return this.#log;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const before = this.#log;
      if (this.read() !== before) this.#onNews();
    }, TOGETHER).unref();
  }
}
