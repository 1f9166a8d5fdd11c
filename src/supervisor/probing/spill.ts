import { closeSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import type { Bytes } from '../../reconciler/types.ts';

/** A file that something else adds to, read as it grows. */
export class Spill {
  readonly path: string;
  #offset: Bytes;

  /** `from`: what stands before it is not read. */
  constructor(path: string, from: Bytes = 0) {
    this.path = path;
    this.#offset = from;
  }

  /** undefined: it is gone. */
  get size(): Bytes | undefined {
    return statSync(this.path, { throwIfNoEntry: false })?.size;
  }

  /** What was added since the last time, no more than `most`: of more than that, the newest. Throws what the system says. */
  read(most: Bytes): { readonly bytes: Buffer; readonly skipped: Bytes } {
    const size = this.size ?? this.#offset;
    const skipped = Math.max(0, size - this.#offset - most);
    this.#offset += skipped;
    const bytes = size > this.#offset ? readAt(this.path, this.#offset, size - this.#offset) : Buffer.alloc(0);
    this.#offset += bytes.length;
    return { bytes, skipped };
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}

function readAt(path: string, offset: Bytes, length: Bytes): Buffer {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(length);
    return buffer.subarray(0, readSync(fd, buffer, 0, length, offset));
  } finally {
    closeSync(fd);
  }
}
