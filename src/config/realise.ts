import type { Static, TSchema } from '../spec/define.ts';
import { parseDuration, parsePercent, parseSize, parseTerminalSize } from './duration.ts';
import { expand, longOf, type Shape, shapeOf } from './expand.ts';
import { isRecord } from './tree.ts';

const PARSERS: Readonly<Record<string, ((text: string) => unknown) | undefined>> = {
  duration: parseDuration,
  size: parseSize,
  percent: parsePercent,
  'terminal-size': parseTerminalSize,
};

/** Values that nobody wrote are the same for every agent, and are made once. */
const builtIn = new WeakMap<Shape, unknown>();

/** A valid value in long form -> what the program works with: defaults filled in, times and sizes as numbers. */
export function realise<S extends TSchema>(schema: S, value: unknown): Static<S> {
  return real(value, shapeOf(schema)) as Static<S>;
}

function real(value: unknown, shape: Shape): unknown {
  if (value === undefined || value === null) return defaultOf(shape);
  const long = longOf(shape);
  if (typeof value === 'string') return realText(value, long);
  if (Array.isArray(value)) return long.items ? value.map((item) => real(item, long.items ?? {})) : value;
  return isRecord(value) ? realMapping(value, long) : value;
}

function realText(text: string, { format }: Shape): unknown {
  const parse = format === undefined ? undefined : PARSERS[format];
  return parse ? parse(text) : text;
}

function realMapping(value: Readonly<Record<string, unknown>>, long: Shape): unknown {
  const { properties, additionalProperties } = long;
  const result: Record<string, unknown> = {};
  if (properties && long.maxProperties !== 1) {
    for (const key of Object.keys(properties)) result[key] = real(value[key], properties[key] ?? {});
    return result;
  }
  for (const [key, item] of Object.entries(value)) {
    const shape = properties?.[key] ?? (typeof additionalProperties === 'object' ? additionalProperties : {});
    result[key] = real(item, shape);
  }
  return result;
}

function defaultOf(shape: Shape): unknown {
  if (shape.default === undefined) return undefined;
  if (!builtIn.has(shape)) builtIn.set(shape, real(expand(shape.default, shape), shape));
  return builtIn.get(shape);
}
