import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { refusal, writeWhole } from './files.ts';

/** Not blocking, so that a pipe in the place of the file cannot hold up the supervisor. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * A file that only grows, line by line, and never holds half a line between two whole ones.
 *
 * What was written of a line that found no space is taken back. After a failure the file is opened anew by its path, so
 * that it also recovers from a file that was replaced.
 */
export class Appender {
  readonly #path: string;
  #fd: number | undefined;
  #size = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Bytes in the file, as far as it was opened. */
  get size(): number {
    return this.#size;
  }

  /** Write whole lines; the answer is why none of them was written, or undefined. */
  append(lines: string): string | undefined {
    const bytes = Buffer.from(lines);
    try {
      this.#fd ??= this.#open();
      writeWhole(this.#fd, bytes);
      this.#size += bytes.length;
      return undefined;
    } catch (error) {
      this.#takeBack();
      this.close();
      return refusal(error);
    }
  }

  /** The next line opens the file by its path again. */
  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #open(): number {
    const fd = openSync(this.#path, FLAGS, 0o600);
    this.#size = 0;
    try {
      const info = fstatSync(fd);
      if (info.isFile()) this.#size = info.size;
      if (this.#size > 0 && lastByte(this.#path, this.#size) !== NEWLINE) {
        writeWhole(fd, Buffer.of(NEWLINE));
        this.#size += 1;
      }
      return fd;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  #takeBack(): void {
    try {
      if (this.#fd !== undefined && fstatSync(this.#fd).isFile()) ftruncateSync(this.#fd, this.#size);
    } catch {
      // Then half a line stays at the end, and the next opening closes it.
    }
  }
}

const NEWLINE = 10;

function lastByte(path: string, size: number): number | undefined {
  const fd = openSync(path, 'r');
  try {
    const byte = Buffer.alloc(1);
    return readSync(fd, byte, 0, 1, size - 1) === 1 ? byte[0] : undefined;
  } finally {
    closeSync(fd);
  }
}
