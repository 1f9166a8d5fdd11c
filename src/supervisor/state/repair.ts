import {
  closeSync,
  copyFileSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { writeAtomic, writeWhole } from './files.ts';
import { openLines } from './lines.ts';
import type { Loaded } from './load.ts';

/** Of a damaged journal that is larger, so much of its beginning and of its end is kept. */
const HALF_KEPT = 16 * 1024 * 1024;

/**
 * Put a damaged journal aside and write what could be read of it in its place.
 *
 * The answer is where the damaged one is kept; undefined: there was no need, or no space, and then it stays as it is.
 * One is kept; it replaces an earlier one.
 */
export function repair(path: string, { garbled, mend, lines }: Loaded): string | undefined {
  if (!mend) return undefined;
  try {
    const aside = garbled ? setAside(path) : undefined;
    const text = lines().map((line) => `${line}\n`);
    writeAtomic(resolved(path), text.join(''));
    return aside;
  } catch {
    return undefined;
  }
}

function setAside(path: string): string {
  const aside = `${path}.damaged`;
  rmSync(aside, { recursive: true, force: true });
  if (!isReadable(path)) renameSync(path, aside);
  else if (statSync(path).size <= 2 * HALF_KEPT) copyFileSync(path, aside);
  else copyEnds(path, aside);
  return aside;
}

function isReadable(path: string): boolean {
  try {
    const fd = openLines(path);
    if (fd !== undefined) closeSync(fd);
    return fd !== undefined;
  } catch {
    return false;
  }
}

function copyEnds(path: string, aside: string): void {
  const from = openSync(path, 'r');
  const to = openSync(aside, 'w', 0o600);
  try {
    const half = Buffer.alloc(HALF_KEPT);
    for (const start of [0, statSync(path).size - HALF_KEPT]) {
      writeWhole(to, half.subarray(0, readSync(from, half, 0, HALF_KEPT, start)));
    }
  } finally {
    closeSync(from);
    closeSync(to);
  }
}

/** A journal that is a link stays one. */
function resolved(path: string): string {
  try {
    return lstatSync(path).isSymbolicLink() ? realpathSync(path) : path;
  } catch {
    return path;
  }
}
