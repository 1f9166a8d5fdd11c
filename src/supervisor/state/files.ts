import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { atRisk } from '../faults.ts';

/** Make a folder that only its owner can look into, and everything above it that is missing. */
export function privateDir(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const info = statSync(path);
  if (info.uid !== process.getuid?.()) throw new Error(`${path} belongs to another user (uid ${info.uid})`);
  if ((info.mode & 0o077) !== 0) chmodSync(path, 0o700);
}

/**
 * Replace a file as a whole: a reader, or a crash, meets the old text or the new one and never a part.
 *
 * Throws what the system says; then the old file is as it was, and nothing of the new one is left.
 */
export const writeAtomic = atRisk('writeAtomic', (path: string, text: string): void => {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const fd = openSync(temporary, 'w', 0o600);
    try {
      writeWhole(fd, Buffer.from(text));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDir(dirname(path));
});

/** A disk that fills up takes a part and says so only when asked to take the rest. */
export function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(fd, bytes, written, bytes.length - written);
  }
}

/** Why the system refused, as one line: `no space left on device (ENOSPC)`. */
export function refusal(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error instanceof Error ? message : String(error);
  const [, words = message] = /^[A-Z0-9]+: ([^,]*)/.exec(message) ?? [];
  return `${words} (${code})`;
}

/** Without this a power cut may forget the rename, though not the data. */
function syncDir(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
