import { closeSync, constants, fstatSync, opendirSync, openSync, readSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes, Millis } from '../../reconciler/types.ts';

/** More than any report needs: the longest are messages of hooks, which are cut off at 256 KiB where they are left. */
const FILE_LIMIT: Bytes = 320 * 1024;

/** A file as it was found: what it says, and when it was written, on the wall clock. */
export type Found = { readonly name: string; readonly text: string; readonly written: Millis };

/** The names of reports in a folder, at most `most` of those that are not `known`; of the rest, only how many they are. */
export function list(
  folder: string,
  known: { has(name: string): boolean },
  most: number,
): { readonly names: readonly string[]; readonly unfinished: readonly string[]; readonly beyond: readonly string[] } {
  const found = { names: [] as string[], unfinished: [] as string[], beyond: [] as string[] };
  try {
    const entries = opendirSync(folder);
    try {
      for (let entry = entries.readSync(); entry; entry = entries.readSync()) {
        const { name } = entry;
        if (known.has(name)) continue;
        const full = found.names.length + found.unfinished.length >= most;
        (full ? found.beyond : name.startsWith('.') ? found.unfinished : found.names).push(name);
        // The rest is for the next time.
        if (found.beyond.length >= most) break;
      }
    } finally {
      entries.closeSync();
    }
  } catch {
    // The folder is gone: then nobody has left anything in it.
  }
  return found;
}

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

const buffer = Buffer.allocUnsafe(FILE_LIMIT + 1);

/** One file; `strange`: it is none that this program writes, but a link, a pipe, a folder, or too long. */
export function read(folder: string, name: string): Found | 'gone' | 'strange' {
  try {
    const fd = openSync(join(folder, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const info = fstatSync(fd);
      if (!info.isFile() || info.size > FILE_LIMIT) return 'strange';
      const length = readSync(fd, buffer, 0, buffer.length, 0);
      return { name, text: buffer.toString('utf8', 0, length), written: info.mtimeMs };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'strange';
  }
}

/** Delete a file, or whatever else stands there. */
export function discard(folder: string, name: string): void {
  const path = join(folder, name);
  try {
    unlinkSync(path);
  } catch {
    discardAnything(path);
  }
}

/** What is no file is rare, and takes several times as long. */
function discardAnything(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Tried again with the next look.
  }
}
