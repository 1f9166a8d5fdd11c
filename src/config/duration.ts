/**
 * Lengths of time and amounts of memory, as a person writes them and as the program counts them.
 *
 * A length of time is whole numbers with units, largest first: `90s`, `1m30s`, `2h`, `500ms`, `7d`. An amount of memory
 * is one number with a unit: KB, MB, GB and TB count in thousands, KiB, MiB, GiB and TiB in 1024s. There are no bare
 * numbers, because nobody can tell seconds from milliseconds, or MB from KB, by looking at them.
 */
import type { Bytes, Millis } from '../reconciler/types.ts';

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

const DURATION = /^(?:(\d{1,5})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,12})ms)?$/;

/** A century: beyond that it is a slip of the keyboard. */
const LONGEST: Millis = 36_525 * 86_400_000;

/** undefined: not a length of time, or longer than a century. */
export function parseDuration(text: string): Millis | undefined {
  const match = text === '' ? null : DURATION.exec(text);
  if (!match) return undefined;
  const millis = UNITS.reduce((sum, [, unit], index) => sum + Number(match[index + 1] ?? 0) * unit, 0);
  return millis <= LONGEST ? millis : undefined;
}

/** The shortest spelling with the largest units: 90000 is `1m30s`. */
export function formatDuration(millis: Millis): string {
  let rest = Math.round(millis);
  let written = '';
  for (const [name, unit] of UNITS) {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    if (count > 0) written += `${count}${name}`;
  }
  return written === '' ? '0s' : written;
}

const FACTORS: Readonly<Record<string, number>> = {
  TiB: 1024 ** 4,
  TB: 1000 ** 4,
  GiB: 1024 ** 3,
  GB: 1000 ** 3,
  MiB: 1024 ** 2,
  MB: 1000 ** 2,
  KiB: 1024,
  KB: 1000,
  B: 1,
};

const SIZE = /^(\d{1,16}(?:\.\d{1,3})?) ?([KMGT]i?B|B)$/;

/** undefined: not an amount, or more than can be counted exactly. Parts of a byte are rounded. */
export function parseSize(text: string): Bytes | undefined {
  const [, number, unit] = SIZE.exec(text) ?? [];
  const factor = unit === undefined ? undefined : FACTORS[unit];
  if (factor === undefined) return undefined;
  const bytes = Math.round(Number(number) * factor);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Exact, in the largest unit that needs no fraction: 2147483648 is `2GiB`. */
export function formatSize(bytes: Bytes): string {
  const [name, factor] = Object.entries(FACTORS).find(([, unit]) => bytes % unit === 0 && bytes >= unit) ?? ['B', 1];
  return `${bytes / factor}${name}`;
}

const PERCENT = /^(\d{1,6}(?:\.\d{1,3})?)%$/;

/** `85%` is 0.85; undefined: not a percentage. */
export function parsePercent(text: string): number | undefined {
  const number = PERCENT.exec(text)?.[1];
  return number === undefined ? undefined : Number(number) / 100;
}

const TERMINAL = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/;

/** tmux refuses larger windows. */
const LARGEST = 10_000;

/** `200x50`: columns and rows; undefined: not that. */
export function parseTerminalSize(text: string): { readonly columns: number; readonly rows: number } | undefined {
  const [, columns, rows] = TERMINAL.exec(text) ?? [];
  if (columns === undefined || Number(columns) > LARGEST || Number(rows) > LARGEST) return undefined;
  return { columns: Number(columns), rows: Number(rows) };
}
