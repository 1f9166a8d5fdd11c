import { createHash } from 'node:crypto';
import { isRecord } from './tree.ts';

/**
 * What the user set in the fields whose change needs a new process; a field that was not set is absent.
 *
 * The names of the fields are part of the hash. Adding one that is absent unless a user sets it changes no hash.
 */
export type ReplaceFields = {
  readonly command?: string | readonly string[];
  readonly workdir?: string;
  readonly env?: Readonly<Record<string, string | null>>;
  readonly kind?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly 'tmux.size'?: string;
};

/**
 * `v1:` and the SHA-256 of the canonical JSON of these fields.
 *
 * It stands on every running session. A release that computes another hash for the same fields restarts every agent of
 * every user, so the outcome is pinned by a test with literal hashes.
 */
export function fingerprint(fields: ReplaceFields): string {
  return `v1:${createHash('sha256').update(canonical(fields)).digest('hex')}`;
}

/** JSON with sorted keys and without spaces; a key whose value is undefined is left out. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null';
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join(',')}}`;
}
