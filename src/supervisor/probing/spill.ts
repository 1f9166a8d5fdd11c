import { closeSync, openSync, readSync, rmSync, statSync, truncateSync } from 'node:fs';
import type { Bytes } from '../../reconciler/types.ts';

/** Part of a file, and how much before it was left out. */
export type Part = { readonly bytes: Buffer; readonly skipped: Bytes };

/** A file that something else adds to, read as it grows. Throws what the system says. */
export class Spill {
  readonly path: string;
  #offset: Bytes = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** Make the file, for its owner alone, if it is not there. */
  make(): void {
    closeSync(openSync(this.path, 'a', 0o600));
  }

  /** undefined: it is not there. */
  get size(): Bytes | undefined {
    return statSync(this.path, { throwIfNoEntry: false })?.size;
  }

  /** What was added since the last time, no more than `most`: of more than that, the newest. */
  read(most: Bytes): Part {
    const size = this.size ?? 0;
    if (size < this.#offset) this.#offset = 0;
    const skipped = Math.max(0, size - this.#offset - most);
    const bytes = readAt(this.path, this.#offset + skipped, size - this.#offset - skipped);
    this.#offset += skipped + bytes.length;
    return { bytes, skipped };
  }

  /**
   * Empty the file if it has grown above this size; the answer is how much of it was never read.
   *
   * Whoever writes adds to its end and goes on. Giving tmux another file would lose more: what it has not yet handed to
   * the old pipe (1 % of the lines of a fast printer, on tmux 3.3a).
   */
  empty(above: Bytes): Bytes {
    const { size = 0 } = this;
    if (size <= above) return 0;
    truncateSync(this.path);
    const unread = Math.max(0, size - this.#offset);
    this.#offset = 0;
    return unread;
  }

  /** What cannot be removed now, the next supervisor finds. */
  remove(): void {
    try {
      rmSync(this.path, { force: true });
    } catch {
      // The disk, or its rights, do not permit it.
    }
  }
}

function readAt(path: string, offset: Bytes, length: Bytes): Buffer {
  if (length === 0) return Buffer.alloc(0);
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(length);
    return buffer.subarray(0, readSync(fd, buffer, 0, length, offset));
  } finally {
    closeSync(fd);
  }
}
