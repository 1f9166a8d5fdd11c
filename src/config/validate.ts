import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { fieldOf, longOf, type Shape } from './expand.ts';
import { FORMATS } from './formats.ts';
import { longSchema } from './schema.ts';
import type { Path } from './source.ts';
import { isRecord } from './tree.ts';

/** A rule that a value breaks. */
export type Breach = {
  readonly path: Path;
  /** What the vocabulary says about the value at the path. */
  readonly shape: Shape | undefined;
  /** The rule, as a keyword of JSON Schema, and what it says. */
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The value at the path. */
  readonly value: unknown;
  /** The rule is about the name of a key and not about its value. */
  readonly key?: string;
};

/** A mapping with more mistakes than this is not a configuration. */
const MOST = 200;

/**
 * Check a mapping with known keys, in long form. Every broken rule comes back; `null` as the value of a field breaks none.
 *
 * Each field has a checking function of its own, which ajv writes when the field is met for the first time: that takes
 * about a millisecond, and most files use few fields.
 */
export function validate(value: Readonly<Record<string, unknown>>, shape: Shape): readonly Breach[] {
  const breaches: Breach[] = [];
  for (const [key, item] of Object.entries(value)) {
    if (breaches.length >= MOST) break;
    const field = fieldOf(shape, key);
    if (!field) breaches.push(unknown(key, value, shape));
    else if (item !== null) breaches.push(...validateField(key, item, field));
  }
  return breaches;
}

const unknown = (key: string, value: unknown, shape: Shape): Breach => ({
  path: [],
  shape,
  keyword: 'additionalProperties',
  params: { additionalProperty: key },
  value,
});

function validateField(key: string, value: unknown, shape: Shape): readonly Breach[] {
  const check = validator(shape);
  if (check(value)) return [];
  const breaches = (check.errors ?? []).slice(0, MOST).flatMap((error) => breachOf(error, value, shape) ?? []);
  return firstOfEachValue(breaches).map((breach) => ({ ...breach, path: [key, ...breach.path] }));
}

let ajv: Ajv | undefined;
const validators = new WeakMap<Shape, ValidateFunction>();

function validator(shape: Shape): ValidateFunction {
  const known = validators.get(shape);
  if (known) return known;
  ajv ??= new Ajv({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    // Whether the vocabulary is a good schema is asked by a test and not at every start; neither is it worth polishing.
    validateSchema: false,
    meta: false,
    code: { optimize: false },
    formats: Object.fromEntries(Object.entries(FORMATS).map(([format, { test }]) => [format, test])),
  });
  const made = ajv.compile(longSchema(shape));
  validators.set(shape, made);
  return made;
}

function breachOf(error: ErrorObject, root: unknown, shape: Shape): Breach | undefined {
  // What is said about a key in detail comes as an error of its own.
  if (error.keyword === 'propertyNames') return undefined;
  const { path, shape: at } = follow(error.instancePath, root, shape);
  if (error.data === null && isResettable(path, shape)) return undefined;
  const key = error.propertyName === undefined ? {} : { key: error.propertyName };
  return { path, shape: at, keyword: error.keyword, value: error.data, params: error.params, ...key };
}

/** JSON pointer -> path and what the vocabulary says there. */
function follow(pointer: string, root: unknown, shape: Shape): { path: Path; shape: Shape | undefined } {
  const path: (string | number)[] = [];
  let value = root;
  let at: Shape | undefined = shape;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(value) ? Number(name) : name;
    at = at && fieldOf(at, step);
    value = Array.isArray(value) ? value[Number(name)] : isRecord(value) ? value[name] : undefined;
    path.push(step);
  }
  return { path, shape: at };
}

/** Whether the value at the path is a known field of a mapping, which `null` resets. */
function isResettable(path: Path, root: Shape): boolean {
  const parent = path.slice(0, -1).reduce<Shape | undefined>((shape, step) => shape && fieldOf(shape, step), root);
  const properties = parent && longOf(parent).properties;
  return path.length > 0 && properties !== undefined && Object.hasOwn(properties, String(path.at(-1)));
}

/** A value of the wrong type breaks several rules; the first says enough. Keys are told of one by one. */
function firstOfEachValue(breaches: readonly Breach[]): readonly Breach[] {
  const seen = new Set<string>();
  return breaches.filter(({ path, keyword, key }) => {
    if (keyword === 'additionalProperties' || keyword === 'required') return true;
    const name = JSON.stringify([path, key]);
    const first = !seen.has(name);
    seen.add(name);
    return first;
  });
}
