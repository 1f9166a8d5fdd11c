import { createHash } from 'node:crypto';
import type { Settings } from '../reconciler/types.ts';
import { Agent } from '../spec/agent.ts';
import { formatDuration, formatSize, parseDuration, parseSize } from './duration.ts';
import { fieldOf, longOf, type Shape, shapeOf } from './expand.ts';
import { canonical } from './fingerprint.ts';
import { isRecord } from './tree.ts';

/** The fields whose change needs a new process; a setting below one of them counts as well. */
export const REPLACE_FIELDS = ['command', 'workdir', 'env', 'kind', 'tmux.size', 'metadata'] as const;

/** Fields that say how agents are made from the file, and nothing about a running one. */
const ABOUT_THE_FILE = new Set(['replicas', 'env_file', 'env', 'workdir']);

/** What the user set for one agent, from which its settings are made. */
export type UserSet = {
  /** In long form, the defaults of the file merged in. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Names of the fields that hold values of variables, and may be secret. */
  readonly secret: ReadonlySet<string>;
  /** Of env files and `env`; `null` unsets. */
  readonly env: Readonly<Record<string, string | null>>;
  /** Absolute; undefined if not set. */
  readonly workdir: string | undefined;
  readonly size: string | undefined;
};

/** Flatten what the user set: `restart.backoff.max` -> `5m`. Sorted; the same time is spelled in one way. */
export function settingsOf({ fields, secret, env, workdir, size }: UserSet): Settings {
  const flat = Object.entries(fields)
    .filter(([key]) => !ABOUT_THE_FILE.has(key))
    .flatMap(([key, value]) => masked(flattenField(key, value), secret.has(key)));
  const settings: Flat = [
    ...flat,
    ...masked(workdir === undefined ? [] : [['workdir', workdir]], secret.has('workdir')),
    ...masked(size === undefined ? [] : [['tmux.size', size]], false),
    ...Object.entries(env).map(([name, value]) => [`env.${name}`, value === null ? 'unset' : digest(value)] as const),
  ];
  return Object.fromEntries([...settings].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const masked = (flat: Flat, secret: boolean): Flat =>
  secret ? flat.map(([field, text]) => [field, digest(text)]) : flat;

const flattenField = (key: string, value: unknown): Flat =>
  key === 'metadata' ? [[key, canonical(value)]] : flatten(key, value, fieldOf(shapeOf(Agent), key) ?? {});

/** Enough of a hash to see that a value is another one, and no way back to it. */
export function digest(value: string): string {
  return `secret:${createHash('sha256').update(value).digest('hex').slice(0, 12)}`;
}

type Flat = readonly (readonly [string, string])[];

function flatten(field: string, value: unknown, shape: Shape): Flat {
  const long = longOf(shape);
  if (!isRecord(value)) return [[field, textOf(value, long)]];
  const entries = Object.entries(withDefaults(value, long));
  return entries.flatMap(([key, item]) => flatten(`${field}.${key}`, item, fieldOf(long, key) ?? {}));
}

/** An entry that says nothing, such as `depends_on: [db]`, says what holds by default. */
function withDefaults(value: Readonly<Record<string, unknown>>, long: Shape): Readonly<Record<string, unknown>> {
  const values = long.additionalProperties;
  if (typeof values !== 'object' || !values.properties) return value;
  const defaults = Object.entries(values.properties).flatMap(([key, { default: fallback }]) =>
    fallback === undefined ? [] : [[key, fallback] as const],
  );
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isRecord(item) ? { ...Object.fromEntries(defaults), ...item } : item,
    ]),
  );
}

function textOf(value: unknown, { format }: Shape): string {
  if (typeof value !== 'string') return canonical(value);
  if (format === 'duration') return formatDuration(parseDuration(value) ?? 0);
  if (format === 'size') return formatSize(parseSize(value) ?? 0);
  return value;
}
