import { realpathSync, statSync } from 'node:fs';
import type { Loaded } from '../config/load.ts';

/** What files looked like at one moment, by path. */
export type Stamps = ReadonlyMap<string, string>;

/** What a file was found to say, and what each file that was read looked like right before. */
export type Read = Loaded & {
  readonly stamps: Stamps;
  /** Whether reading it again would give the same. */
  readonly unchanged: () => boolean;
};

/** Changes whenever a file is written, replaced, or reached through another link; one that is missing has one as well. */
export function stampOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${realpathSync(file)} ${mtimeMs} ${size} ${ino}`;
  } catch {
    return `${file} missing`;
  }
}
