import { basename, dirname } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { Millis } from '../reconciler/types.ts';

/**
 * How long the files must be left alone before they are read: longer than a program that writes a file in pieces, or
 * a checkout that writes many files, pauses between two of them.
 */
const QUIET: Millis = 400;

export type WatchedFiles = {
  /** Absolute paths that were read; one that is missing is waited for. */
  readonly files: readonly string[];
  /** Folders in which a new file may belong to the configuration: those of include patterns. */
  readonly folders: readonly string[];
};

/**
 * Tells that files of a configuration may have changed, once they have come to rest.
 *
 * Folders are watched and not files: editors write a new file and rename it over the old one, and a watch of the old
 * one would see nothing ever after.
 */
export class ConfigWatch {
  readonly #onChange: () => void;
  #watcher: FSWatcher | undefined;
  #watched: WatchedFiles = { files: [], folders: [] };
  #quiet: NodeJS.Timeout | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Watch these files from now on, and no others. */
  follow(watched: WatchedFiles): void {
    const folders = foldersOf(watched);
    const before = foldersOf(this.#watched);
    this.#watched = watched;
    if (this.#watcher && folders.join('\0') === before.join('\0')) return;
    void this.#watcher?.close();
    this.#watcher = watch([...folders], { depth: 0, ignoreInitial: true, ignorePermissionErrors: true });
    this.#watcher.on('all', (_event, path) => this.#touched(path));
    // What changed before the watch began is told by nobody else.
    this.#watcher.on('ready', () => this.#settle());
    // A folder that cannot be watched is looked at by the slow resync of the supervisor.
    this.#watcher.on('error', () => undefined);
  }

  async close(): Promise<void> {
    clearTimeout(this.#quiet);
    await this.#watcher?.close();
  }

  #touched(path: string): void {
    const { files, folders } = this.#watched;
    if (!files.includes(path) && !folders.includes(dirname(path)) && !isLinkSwap(path)) return;
    this.#settle();
  }

  #settle(): void {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(this.#onChange, QUIET);
  }
}

/** Mounted configurations are switched by a link of this name, which is none of the files that were read. */
function isLinkSwap(path: string): boolean {
  return basename(path).startsWith('..');
}

function foldersOf({ files, folders }: WatchedFiles): readonly string[] {
  return [...new Set([...files.map((file) => dirname(file)), ...folders])].sort();
}
