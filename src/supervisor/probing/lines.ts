import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** A line is cut at this length: programs that draw their screen may never end one. */
const LONGEST = 8_192;

/** Turns the output of a terminal program, as it comes, into lines of plain text. */
export class LineCutter {
  #decoder = new StringDecoder('utf8');
  #rest = '';

  /** The lines that these bytes complete. */
  take(bytes: Buffer): readonly string[] {
    const text = this.#rest + this.#decoder.write(bytes);
    const end = text.length - text.lastIndexOf('\n') - 1 > LONGEST ? text.length : text.lastIndexOf('\n') + 1;
    this.#rest = text.slice(end);
    return text.slice(0, end).split('\n').flatMap(plainLines);
  }

  /** The line that is not complete yet, such as a question that waits for its answer. */
  get unfinished(): string {
    return plainLines(this.#rest).at(-1) ?? '';
  }

  /** A part of the output is left out: what comes next belongs to no line that was begun. */
  skip(): void {
    this.#decoder = new StringDecoder('utf8');
    this.#rest = '';
  }
}

/** Titles, links and the like: node's own way of leaving them out takes a space for their end. */
const STRINGS = /\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)/g;

/** What moves the cursor to another line: there a new one begins, also where no line break is printed. */
const MOVES = /\u001b\[[\d;]*[HfABEFd]/g;

/**
 * What one line of raw output has shown: without colours and the like, and of what was written over itself after a
 * carriage return only the last.
 */
export function plainLines(raw: string): readonly string[] {
  return stripVTControlCharacters(raw.replace(STRINGS, '').replace(MOVES, '\n'))
    .split('\n')
    .map((line) => (line.replace(/\r+$/, '').split('\r').at(-1) ?? '').trimEnd().slice(0, LONGEST))
    .filter((line) => line !== '');
}
