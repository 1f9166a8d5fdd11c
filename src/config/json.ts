import { DEEPEST } from './syntax.ts';
import { isRecord } from './tree.ts';

/**
 * The data of a file that is written in JSON, which is YAML too; undefined if it is anything else, or if it holds what
 * needs the closer look of the YAML parser.
 *
 * A program that writes a large configuration writes JSON, and the engine reads that a hundred times faster.
 */
export function parseJson(text: string): unknown {
  if (!/^\s*\{/.test(text) || text.includes('__proto__')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const keys = countKeys(value, 0);
    // JSON.parse keeps the last of two equal keys in silence; then fewer keys come out than were written.
    return keys === writtenKeys(text) ? value : undefined;
  } catch {
    return undefined;
  }
}

function countKeys(value: unknown, depth: number): number {
  if (depth > DEEPEST - 2) return Number.NaN;
  if (typeof value === 'number' && !Number.isFinite(value)) return Number.NaN;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countKeys(item, depth + 1), 0);
  if (!isRecord(value)) return 0;
  let count = 0;
  for (const key in value) count += 1 + countKeys(value[key], depth + 1);
  return count;
}

/** In valid JSON a string before a colon is a key, and there is no other colon outside of strings. */
function writtenKeys(text: string): number {
  let count = 0;
  for (const match of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g)) if (match[1] !== undefined) count += 1;
  return count;
}
