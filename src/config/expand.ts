import { shortFormOf, type TSchema } from '../spec/define.ts';
import { isRecord } from './tree.ts';

/** The parts of a schema that this folder looks at. */
export type Shape = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: boolean | Shape;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly format?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly [keyword: string]: unknown;
};

export const shapeOf = (schema: TSchema | Shape): Shape => schema as Shape;

/** The long form of a schema with short forms; others are their own. */
export function longOf(shape: Shape): Shape {
  return shapeOf(shortFormOf(shape)?.long ?? shape);
}

/** Keys that a mapping may have. */
export function knownKeys(shape: Shape | undefined): readonly string[] {
  return Object.keys((shape && longOf(shape).properties) ?? {});
}

/** The shape of what stands under a key; undefined: the key is unknown, or free. */
export function fieldOf(shape: Shape, key: string | number): Shape | undefined {
  const long = longOf(shape);
  if (typeof key === 'number') return long.items;
  if (long.properties && Object.hasOwn(long.properties, key)) return long.properties[key];
  return typeof long.additionalProperties === 'object' ? long.additionalProperties : undefined;
}

/**
 * Spell out every short form below a value.
 *
 * What fits no short form is left as it is, so that the check of the long form can say what is wrong with it. Free keys
 * (`x-`) are dropped: from here on only known fields count.
 */
export function expand(value: unknown, schema: TSchema | Shape): unknown {
  const shape = shapeOf(schema);
  const forms = shortFormOf(shape);
  const long = longOf(shape);
  const spelled = forms && shortForms(shape).some((form) => fits(value, form)) ? forms.expand(value) : value;
  if (Array.isArray(spelled)) {
    const { items } = long;
    return items ? spelled.map((item) => expand(item, items)) : spelled;
  }
  return isRecord(spelled) ? expandMapping(spelled, long) : spelled;
}

function expandMapping(value: Readonly<Record<string, unknown>>, long: Shape): Readonly<Record<string, unknown>> {
  if (!long.properties && typeof long.additionalProperties !== 'object') return value;
  const copy: Record<string, unknown> = {};
  for (const key in value) {
    if (long.properties && key.startsWith('x-')) continue;
    const field = fieldOf(long, key);
    copy[key] = field ? expand(value[key], field) : value[key];
  }
  return copy;
}

/** All forms but the last, which is the long one. */
export const shortForms = (shape: Shape): readonly Shape[] => (shape.anyOf ?? []).slice(0, -1);

/** Whether a value looks like a form, so far that its mistakes are better told in that form's words. */
function fits(value: unknown, form: Shape): boolean {
  if (form.enum) return typeof value === 'string' && form.enum.includes(value);
  const types = typeof form.type === 'string' ? [form.type] : (form.type ?? []);
  if (!types.includes(typeOf(value))) return false;
  if (!isRecord(value)) return true;
  return (form.required ?? []).every((key) => Object.hasOwn(value, key));
}

/** The JSON type of a value, in the words of JSON Schema. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (Number.isInteger(value)) return 'integer';
  return typeof value;
}
