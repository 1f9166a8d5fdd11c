import { Allow, parse } from 'partial-json';

/** What stands in a JSON object that others have written; nothing of it is known to be what it should be. */
export type Fields = Readonly<Record<string, unknown>>;

/** An object from its text; of one that was cut off, the values that stand there whole. Undefined: it is none. Never throws. */
export function readObject(text: string): Fields | undefined {
  return asFields(whole(text) ?? begun(text));
}

function whole(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function begun(text: string): unknown {
  try {
    const structure = text.replaceAll(STRING, '');
    return (structure.match(/[[{]/g)?.length ?? 0) > MOST_PARTS ? undefined : parse(text, Allow.OBJ | Allow.ARR);
  } catch {
    return undefined;
  }
}

const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"?/gs;

/** More objects and lists than an agent tells of. Reading those that stand deep in each other takes long. */
const MOST_PARTS = 2_000;

/** The value, if it is an object; else undefined. */
export function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** A text as one line without control characters, at most so many characters of it. */
export function lineIn(value: unknown, most: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  // What is cut off first need not be looked at: a hostile text may be long.
  const line = value.slice(0, 4 * most).replaceAll(/[\p{C}\p{Z}]+/gu, ' ');
  return [...line.trim()].slice(0, most).join('') || undefined;
}

/** A text without control characters, with its line breaks, at most so many characters of it. */
export function textIn(value: unknown, most: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const lines = value.slice(0, most).split(/\r\n|[\r\n]/);
  return lines.map((line) => line.replaceAll(/\p{C}/gu, ' ').trimEnd()).join('\n') || undefined;
}

/** A number that is one, and not less than `least`. */
export function numberIn(value: unknown, least = 0): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= least ? value : undefined;
}

/** An id of a conversation: what may stand in a path, and on a command line. */
export function idIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{3,99}$/.test(value) ? value : undefined;
}

/** An instant in milliseconds, of one told in seconds; undefined: it makes no sense. */
export function secondsIn(value: unknown): number | undefined {
  const seconds = numberIn(value, YEAR_2001);
  return seconds !== undefined && seconds < YEAR_2286 ? seconds * 1_000 : undefined;
}

const YEAR_2001 = 1e9;
const YEAR_2286 = 1e10;
