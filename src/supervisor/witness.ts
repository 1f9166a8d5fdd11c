import { diskReader, type Reader } from '../config/read.ts';
import { type Stamps, stampOf } from './stamps.ts';

/** A reader that remembers what it was asked, and what the answers were. */
export type Witness = {
  readonly reader: Reader;
  /** What each file that was read looked like right before. */
  readonly stamps: Stamps;
  /** Whether every question would be answered in the same way now. */
  readonly unchanged: () => boolean;
};

/** Watch over what is asked of the file system. */
export function witness(): Witness {
  const stamps = new Map<string, string>();
  const lists = new Map<string, string>();
  const kinds = new Map<string, string>();
  const namesIn = (path: string) => diskReader.list(path)?.join('/') ?? '';
  const reader: Reader = {
    read(path, limit) {
      stamps.set(path, stampOf(path));
      return diskReader.read(path, limit);
    },
    list(path) {
      lists.set(path, namesIn(path));
      return diskReader.list(path);
    },
    kindOf(path) {
      const kind = diskReader.kindOf(path);
      kinds.set(path, kind);
      return kind;
    },
  };
  const same = (answers: ReadonlyMap<string, string>, ask: (path: string) => string) =>
    [...answers].every(([path, answer]) => ask(path) === answer);
  return {
    reader,
    stamps,
    unchanged: () => same(stamps, stampOf) && same(lists, namesIn) && same(kinds, diskReader.kindOf),
  };
}
