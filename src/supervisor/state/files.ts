import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { atRisk } from '../faults.ts';

/** Make a folder that only its owner can look into, and everything above it that is missing. */
export function privateDir(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const info = statSync(path);
  if (info.uid !== process.getuid?.()) throw new Error(`${path} belongs to another user (uid ${info.uid})`);
  if ((info.mode & 0o077) !== 0) chmodSync(path, 0o700);
}

/** Replace a file as a whole: a reader, or a crash, meets the old text or the new one and never a part. */
export const writeAtomic = atRisk('writeAtomic', (path: string, text: string): void => {
  const temporary = `${path}.${process.pid}.tmp`;
  const fd = openSync(temporary, 'w', 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
  syncDir(dirname(path));
});

/** Without this a power cut may forget the rename, though not the data. */
function syncDir(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
