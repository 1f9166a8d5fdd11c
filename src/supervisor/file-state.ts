import { realpathSync, statSync } from 'node:fs';

/**
 * Knows whether the files of the configuration are still those that were read.
 *
 * It asks the file system itself, so it also finds what no watch can tell: changes on a network file system, or the
 * switch of a link further up. Asking costs microseconds, and is part of the slow resync.
 */
export class FileState {
  #signature = '';
  #seen = '';

  /** Take the files as they are for known. */
  note(files: readonly string[]): void {
    this.#signature = signature(files);
  }

  changed(files: readonly string[]): boolean {
    return signature(files) !== this.#signature;
  }

  /** Changed, and the same as when this was asked before: nobody is writing at this moment. */
  changedAndAtRest(files: readonly string[]): boolean {
    const now = signature(files);
    const atRest = now === this.#seen;
    this.#seen = now;
    return atRest && now !== this.#signature;
  }
}

function signature(files: readonly string[]): string {
  return files.map(signatureOf).join('\n');
}

function signatureOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${realpathSync(file)} ${mtimeMs} ${size} ${ino}`;
  } catch {
    return `${file} missing`;
  }
}
