import { fieldOf, longOf, type Shape } from './expand.ts';
import { isRecord } from './tree.ts';

type Mapping = Readonly<Record<string, unknown>>;

/**
 * Lay what an agent says over the defaults: mappings key by key, everything else as a whole.
 *
 * `null` in a known field takes away what the defaults say, so that the built-in default holds. A `null` in an
 * environment stays: it also takes away what an env file and the captured environment say.
 */
export function merge(defaults: Mapping, own: Mapping, shape: Shape): Mapping {
  const long = longOf(shape);
  const merged: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(defaults)) if (value !== null || !long.properties) merged[key] = value;
  for (const [key, value] of Object.entries(own)) {
    const field = fieldOf(long, key);
    if (value === null && long.properties) delete merged[key];
    else merged[key] = mergeField(merged[key], value, field);
  }
  return merged;
}

function mergeField(below: unknown, above: unknown, shape: Shape | undefined): unknown {
  if (!shape || !isRecord(above)) return above;
  const long = longOf(shape);
  // A mapping of which exactly one key stands is one value.
  if (long.type !== 'object' || long.maxProperties === 1) return above;
  return merge(isRecord(below) ? below : {}, above, long);
}
