import { type Stamps, stampOf } from './stamps.ts';

/**
 * Knows whether the files of the configuration are still those that were read.
 *
 * It asks the file system itself, so it also finds what no watch can tell: changes on a network file system, or the
 * switch of a link further up. Asking costs microseconds, and is part of the slow resync.
 */
export class FileState {
  #known = '';
  #seen = '';

  /** Take the files for known, as they are or, where that is given, as they were when they were read. */
  note(files: readonly string[], stamps: Stamps = new Map()): void {
    this.#known = files.map((file) => stamps.get(file) ?? stampOf(file)).join('\n');
  }

  changed(files: readonly string[]): boolean {
    return looks(files) !== this.#known;
  }

  /** Changed, and the same as when this was asked before: nobody is writing at this moment. */
  changedAndAtRest(files: readonly string[]): boolean {
    const now = looks(files);
    const atRest = now === this.#seen;
    this.#seen = now;
    return atRest && now !== this.#known;
  }
}

function looks(files: readonly string[]): string {
  return files.map(stampOf).join('\n');
}
