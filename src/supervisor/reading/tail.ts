import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Bytes } from '../../reconciler/types.ts';

/** Of what is added while nobody looks the end is enough. */
const STEP: Bytes = 1024 * 1024;

/** A longer line is not read. */
const LONGEST_LINE = 256 * 1024;

/** How the lines of a file come to something. */
export type Fold<T> = {
  readonly empty: T;
  readonly add: (before: T, line: string) => T;
  /** So much of the end of the file is read at first. */
  readonly most: Bytes;
};

/** The end of a file that grows: only what is added is read. */
export class Tail<T> {
  readonly path: string;
  readonly #fold: Fold<T>;
  #offset: Bytes | undefined;
  #decoder = new StringDecoder('utf8');
  #rest = '';
  #skipping = false;
  #said: T;

  constructor(path: string, fold: Fold<T>) {
    this.path = path;
    this.#fold = fold;
    this.#said = fold.empty;
  }

  /** What its lines have come to. */
  read(): T {
    try {
      const fd = openSync(this.path, 'r');
      try {
        this.#readFrom(fd, fstatSync(fd).size);
      } finally {
        closeSync(fd);
      }
    } catch {
      // It is gone: what was read of it stays true.
    }
    return this.#said;
  }

  #readFrom(fd: number, size: Bytes): void {
    const from = this.#offset ?? 0;
    const most = this.#offset === undefined ? this.#fold.most : STEP;
    if (size < from) this.#jump(0);
    else if (size - from > most) this.#jump(size - most);
    const start = this.#offset ?? 0;
    if (size <= start) return;
    const bytes = Buffer.alloc(size - start);
    const length = readSync(fd, bytes, 0, bytes.length, start);
    this.#offset = start + length;
    this.#add(this.#decoder.write(bytes.subarray(0, length)));
  }

  /** What lies before is not read: the first line from there on is only a part of one. */
  #jump(to: Bytes): void {
    this.#offset = to;
    this.#decoder = new StringDecoder('utf8');
    this.#rest = '';
    this.#skipping = to > 0;
  }

  #add(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#skipping && lines.length > 0) {
      lines.shift();
      this.#skipping = false;
    }
    for (const line of lines) if (line.length <= LONGEST_LINE) this.#said = this.#fold.add(this.#said, line);
    if (this.#rest.length > LONGEST_LINE) {
      this.#rest = '';
      this.#skipping = true;
    }
  }
}
