import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Result } from '../reconciler/types.ts';

/** A larger file is a mistake, such as the path of a log. */
export const LARGEST_FILE = 1024 * 1024;

/** Everything that loading a configuration asks of the file system; a test brings its own. */
export type Reader = {
  /** The bytes of a file, or the code of the system's error, such as `ENOENT`; at most `limit` + 1 bytes matter. */
  readonly read: (path: string, limit: number) => Result<Uint8Array, string>;
  /** Names in a folder; undefined if it cannot be listed. */
  readonly list: (path: string) => readonly string[] | undefined;
  readonly kindOf: (path: string) => 'file' | 'folder' | 'missing' | 'other';
};

/** The real file system. */
export const diskReader: Reader = {
  read(path, limit) {
    try {
      const stat = statSync(path);
      if (stat.isDirectory()) return { ok: false, error: 'EISDIR' };
      if (!stat.isFile()) return { ok: false, error: 'ENOTFILE' };
      if (stat.size > limit) return { ok: true, value: new Uint8Array(limit + 1) };
      return { ok: true, value: readFileSync(path) };
    } catch (error) {
      return { ok: false, error: codeOf(error) };
    }
  },
  list(path) {
    try {
      return readdirSync(path);
    } catch {
      return undefined;
    }
  },
  kindOf(path) {
    try {
      const stat = statSync(path);
      return stat.isDirectory() ? 'folder' : stat.isFile() ? 'file' : 'other';
    } catch (error) {
      return codeOf(error) === 'EACCES' ? 'other' : 'missing';
    }
  },
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'EIO';
}

/** Why a text could not be had, in the words of a diagnostic. */
export type ReadFailure = {
  readonly code: 'file_missing' | 'file_unreadable' | 'file_too_large' | 'not_text';
  readonly why: string;
};

const FAILURES: Readonly<Record<string, ReadFailure>> = {
  ENOENT: { code: 'file_missing', why: 'does not exist' },
  ENOTDIR: { code: 'file_missing', why: 'does not exist: a part of its path is not a folder' },
  EISDIR: { code: 'file_unreadable', why: 'is a folder' },
  ENOTFILE: { code: 'file_unreadable', why: 'is not a regular file' },
  EACCES: { code: 'file_unreadable', why: 'cannot be read: permission denied' },
  EPERM: { code: 'file_unreadable', why: 'cannot be read: permission denied' },
  ELOOP: { code: 'file_unreadable', why: 'is a symbolic link that leads back to itself' },
  ENAMETOOLONG: { code: 'file_missing', why: 'does not exist: its name is too long' },
};

/** The text of a file: UTF-8 without byte order mark, at most 1 MiB. */
export function readText(path: string, reader: Reader): Result<string, ReadFailure> {
  const bytes = reader.read(path, LARGEST_FILE);
  if (!bytes.ok) {
    const failure = FAILURES[bytes.error] ?? { code: 'file_unreadable', why: `cannot be read: ${bytes.error}` };
    return { ok: false, error: failure };
  }
  if (bytes.value.length > LARGEST_FILE)
    return { ok: false, error: { code: 'file_too_large', why: 'is larger than 1 MiB' } };
  if (bytes.value.includes(0))
    return { ok: false, error: { code: 'not_text', why: 'is not text: it holds a NUL byte' } };
  try {
    return { ok: true, value: new TextDecoder('utf-8', { fatal: true }).decode(bytes.value) };
  } catch {
    return { ok: false, error: { code: 'not_text', why: 'is not UTF-8 text' } };
  }
}
