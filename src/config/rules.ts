import { BUILT, EXACTLY_ONE, NOT_BUILT } from '../spec/define.ts';
import type { Diagnostic } from './diagnostic.ts';
import { fieldOf, longOf, type Shape } from './expand.ts';
import type { Path } from './source.ts';
import { isRecord } from './tree.ts';
import { type Context, label } from './words.ts';

/** The vocabulary's own rules, which JSON Schema has no words for: what is not built, and what excludes each other. */
export function ownRules(value: unknown, context: Context): readonly Diagnostic[] {
  return rules(value, context.shape, [], context, false);
}

/** `silent`: something around was reported as not built already. */
function rules(value: unknown, shape: Shape, path: Path, context: Context, silent: boolean): readonly Diagnostic[] {
  if (value === null || value === undefined) return [];
  const long = longOf(shape);
  const unbuilt = silent ? undefined : notBuilt(value, shape, path, context);
  const below = silent || unbuilt !== undefined;
  const found = unbuilt ? [unbuilt] : [];
  if (Array.isArray(value)) {
    const { items } = long;
    return items
      ? [...found, ...value.flatMap((item, at) => rules(item, items, [...path, at], context, below))]
      : found;
  }
  if (!isRecord(value) || (!long.properties && typeof long.additionalProperties !== 'object')) return found;
  const nested = Object.entries(value).flatMap(([key, item]) => {
    const field = fieldOf(long, key);
    return field ? rules(item, field, [...path, key], context, below) : [];
  });
  return [...found, ...exactlyOne(value, long, path, context), ...nested];
}

function notBuilt(value: unknown, shape: Shape, path: Path, { source, base }: Context): Diagnostic | undefined {
  const built = shape[BUILT] as readonly string[] | undefined;
  const other =
    built !== undefined && typeof value === 'string' && !built.includes(value) && shape.enum?.includes(value);
  if (shape[NOT_BUILT] !== true && !other) return undefined;
  const written = source.writtenPath([...base, ...path]);
  const what = other ? `\`${written.join('.')}: ${String(value)}\`` : label(written);
  return {
    code: 'not_built',
    message: `${what} is known, but this release of colony does not act on it yet`,
    at: other ? source.valueAt(written) : source.keyAt(written),
    field: written.join('.'),
    hint: other ? `write ${built.map((word) => `\`${word}\``).join(' or ')}, or leave it out` : 'leave it out',
  };
}

function exactlyOne(
  value: Readonly<Record<string, unknown>>,
  shape: Shape,
  path: Path,
  { source, base }: Context,
): readonly Diagnostic[] {
  const choices = shape[EXACTLY_ONE] as readonly string[] | undefined;
  const written = choices?.filter((key) => (value[key] ?? null) !== null) ?? [];
  if (!choices || written.length === 1) return [];
  const full = source.writtenPath([...base, ...path]);
  const rule = `exactly one of ${choices.map((key) => `\`${key}\``).join(', ')}`;
  const got = written.length === 0 ? 'none' : written.map((key) => `\`${key}\``).join(' and ');
  return [
    {
      code: 'bad_value',
      message: `${label(full)} must have ${rule}, got ${got}`,
      at: source.keyAt(full),
      field: full.join('.'),
      rule,
    },
  ];
}
