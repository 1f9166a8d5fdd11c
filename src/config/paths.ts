import { basename, dirname, resolve } from 'node:path';
import type { Reader } from './read.ts';
import { closest } from './suggest.ts';

/** A path as a person writes it, made absolute: `~` is the home folder, relative paths start at `folder`. */
export function absolute(written: string, folder: string, home: string): string {
  if (written === '~') return home;
  if (written.startsWith('~/')) return resolve(home, written.slice(2));
  return resolve(folder, written);
}

/** Something of a similar name beside a path that does not exist. */
export function similarPath(path: string, reader: Reader): string | undefined {
  const folder = dirname(path);
  const name = closest(basename(path), reader.list(folder) ?? []);
  return name === undefined ? undefined : resolve(folder, name);
}
