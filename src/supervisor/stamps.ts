import { realpathSync, statSync } from 'node:fs';

/** What files looked like at one moment, by path. */
export type Stamps = ReadonlyMap<string, string>;

/** Changes whenever a file is written, replaced, or reached through another link; one that is missing has one as well. */
export function stampOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${realpathSync(file)} ${mtimeMs} ${size} ${ino}`;
  } catch {
    return `${file} missing`;
  }
}
