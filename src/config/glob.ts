import { join, parse } from 'node:path';
import type { Reader } from './read.ts';

/** Whether a path holds `*` or `?`. */
export const isPattern = (path: string): boolean => /[*?]/.test(path);

/**
 * The files that an absolute pattern stands for, sorted. `*` and `?` stay within one part of the path, and do not match
 * a leading dot.
 */
export function expandPattern(pattern: string, reader: Reader): readonly string[] {
  const { root } = parse(pattern);
  const parts = pattern.slice(root.length).split('/').filter(Boolean);
  const paths = parts.reduce<readonly string[]>(
    (folders, part) => folders.flatMap((folder) => step(folder, part, reader)),
    [root],
  );
  return paths.filter((path) => reader.kindOf(path) === 'file').sort();
}

function step(folder: string, part: string, reader: Reader): readonly string[] {
  if (!isPattern(part)) return [join(folder, part)];
  const names = (reader.list(folder) ?? []).filter((name) => matches(part, name));
  return names.map((name) => join(folder, name));
}

/** Whether a name fits a pattern: the greedy walk that goes back to the latest `*` only, so no pattern is slow. */
export function matches(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  let at = 0;
  let next = 0;
  let retry: { readonly star: number; at: number } | undefined;
  while (at < name.length) {
    if (pattern[next] === '*') {
      retry = { star: next, at };
      next += 1;
    } else if (pattern[next] === '?' || pattern[next] === name[at]) {
      next += 1;
      at += 1;
    } else if (retry) {
      retry.at += 1;
      at = retry.at;
      next = retry.star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(next));
}
