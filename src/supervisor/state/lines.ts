import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** No entry comes near this length: its longest part is ten lines of a screen. */
const LONGEST_LINE = 1024 * 1024;

/** Of a file that is longer than twice this, only so much of its beginning and of its end is read. */
const WINDOW = 32 * 1024 * 1024;

const CHUNK = 64 * 1024;
const NEWLINE = 10;

/**
 * Open a file for `linesOf`; undefined if there is none, or if what stands there holds no lines (a device, a pipe).
 *
 * Throws what the system says if it is there and cannot be read; a folder in its place throws EISDIR.
 */
export function openLines(path: string): number | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const info = fstatSync(fd);
  if (info.isFile()) return fd;
  closeSync(fd);
  if (info.isDirectory()) throw Object.assign(new Error('EISDIR: it is a folder'), { code: 'EISDIR' });
  return undefined;
}

/**
 * The lines of an open file, without their ends and without empty ones; undefined stands for what is no line.
 *
 * Memory and time are bounded whatever the file holds. Closes the file. What is appended meanwhile is read too.
 */
export function* linesOf(fd: number): Generator<string | undefined> {
  try {
    const { size } = fstatSync(fd);
    if (size <= 2 * WINDOW) {
      yield* linesWithin(fd, 0, Number.POSITIVE_INFINITY);
      return;
    }
    yield* linesWithin(fd, 0, WINDOW);
    yield undefined;
    yield* withoutFirst(linesWithin(fd, size - WINDOW, Number.POSITIVE_INFINITY));
  } finally {
    closeSync(fd);
  }
}

function* linesWithin(fd: number, from: number, to: number): Generator<string | undefined> {
  const chunk = Buffer.allocUnsafe(CHUNK);
  const line = new Unfinished();
  for (let at = from; at < to; ) {
    const length = readSync(fd, chunk, 0, Math.min(CHUNK, to - at), at);
    if (length === 0) break;
    at += length;
    let start = 0;
    for (let end = find(chunk, start, length); end >= 0; end = find(chunk, start, length)) {
      yield* line.finish(chunk.subarray(start, end));
      start = end + 1;
    }
    line.add(chunk.subarray(start, length));
  }
  yield* line.finish(Buffer.alloc(0));
}

function find(chunk: Buffer, start: number, length: number): number {
  const at = chunk.subarray(0, length).indexOf(NEWLINE, start);
  return start < length ? at : -1;
}

/** A line of which more may come. */
class Unfinished {
  #parts: Buffer[] = [];
  #length = 0;

  add(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > LONGEST_LINE) this.#parts = [];
    else if (part.length > 0) this.#parts.push(Buffer.from(part));
  }

  *finish(last: Buffer): Generator<string | undefined> {
    this.add(last);
    const parts = this.#parts;
    const length = this.#length;
    this.#parts = [];
    this.#length = 0;
    if (length > LONGEST_LINE) yield undefined;
    else if (length > 0) yield Buffer.concat(parts).toString('utf8');
  }
}

/** The first one of a part that begins somewhere is the end of a line. */
function* withoutFirst(lines: Generator<string | undefined>): Generator<string | undefined> {
  if (lines.next().done) return;
  yield* lines;
}
