import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import type { Bytes, Millis } from '../spec/define.ts';

/** In what /proc counts: milliseconds of a clock tick, bytes of a page of memory. */
export type Units = { readonly tick: Millis; readonly page: Bytes };

/** Numbers of two entries of the auxiliary vector, from the kernel's `auxvec.h`. */
const AT_PAGESZ = 6;
const AT_CLKTCK = 17;

/** What nearly every machine has. */
const USUAL: Units = { tick: 10, page: 4096 };

/** The units of this machine. The kernel tells them to each program at its start, so nobody has to be asked. */
export function readUnits(): Units {
  try {
    return parseAuxv(readFileSync('/proc/self/auxv'), /64|s390x/.test(process.arch) ? 8 : 4);
  } catch {
    return USUAL;
  }
}

/** Pairs of numbers, `word` bytes each. */
export function parseAuxv(auxv: Buffer, word: 4 | 8): Units {
  const at = (offset: number) => {
    const little = endianness() === 'LE';
    if (word === 4) return little ? auxv.readUInt32LE(offset) : auxv.readUInt32BE(offset);
    return Number(little ? auxv.readBigUInt64LE(offset) : auxv.readBigUInt64BE(offset));
  };
  const pairs = Array.from({ length: Math.floor(auxv.length / (2 * word)) }, (_, i) => i * 2 * word);
  const entries = new Map(pairs.map((offset) => [at(offset), at(offset + word)]));
  const ticks = entries.get(AT_CLKTCK);
  return { tick: ticks ? 1000 / ticks : USUAL.tick, page: entries.get(AT_PAGESZ) || USUAL.page };
}
