import { isEnvironment, keyOf } from './interpolate.ts';
import { TYPES, words } from './rule-words.ts';
import type { Path } from './source.ts';
import { isRecord } from './tree.ts';

/** A value in a message; one that may be secret is only named by its type. */
export function gotten(value: unknown, path: Path, secrets: ReadonlySet<string>): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  const secret = isWithin(path, secrets) || path.some((_, at) => isSecret(path.slice(0, at + 1)));
  if (isRecord(value)) return secret ? 'a mapping' : gottenMapping(value);
  if (secret) return `${TYPES[typeof value] ?? 'a value'} (not shown)`;
  return value === '' ? 'an empty text' : `\`${clip(String(value))}\``;
}

/** An environment, or one of its values: what is not a mapping there may be a secret in the wrong place. */
const isSecret = (path: Path): boolean => isEnvironment(path) || isEnvironment([...path, '']);

function gottenMapping(value: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty mapping' : `a mapping with ${words(keys.slice(0, 5).map(clip))}`;
}

/** Long texts and several lines do not belong into a message. */
export function clip(text: string): string {
  const [line = ''] = text.split('\n');
  return line.length > 60 || line !== text ? `${line.slice(0, 60)}…` : line;
}

/** Whether the value at the path, or one around it, is in the set. */
export function isWithin(path: Path, set: ReadonlySet<string>): boolean {
  return set.size > 0 && path.some((_, index) => set.has(keyOf(path.slice(0, index + 1))));
}
