/**
 * The building blocks of the vocabulary: one value is at once the JSON Schema of what a person writes and the
 * TypeScript type of what the program gets. The two differ on purpose: a person writes `90s`, the program gets 90000.
 */
import { type Static, type TSchema, type TUnsafe, Unsafe } from 'typebox';

/** A length of time in milliseconds, or an instant in milliseconds since the epoch; the name of the value says which. */
export type Millis = number;

/** An amount of memory or disk. */
export type Bytes = number;

/** What every field has: a sentence for the editor's hover text, and what holds when nobody writes it. */
export type About = {
  readonly description: string;
  /** As a person would write it. Absent: the field has no default, and `maybe` fields are undefined. */
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  /** The field is known and checked, but nothing acts on it in this release: writing it is an error. */
  readonly notBuilt?: true;
  /** The only values that this release acts on; writing another one of the allowed values is an error. */
  readonly built?: readonly string[];
};

/** The keyword under which `notBuilt` stands in a schema. */
export const NOT_BUILT = 'x-colony-not-built';

/** The keyword under which `built` stands in a schema. */
export const BUILT = 'x-colony-built';

/** The keyword that names fields of which exactly one must be written. */
export const EXACTLY_ONE = 'x-colony-exactly-one';

function about(options: About): Record<string, unknown> {
  const { notBuilt, built, description, ...rest } = options;
  return {
    description: notBuilt ? `Not built yet. ${description}` : description,
    ...rest,
    ...(notBuilt ? { [NOT_BUILT]: true } : {}),
    ...(built ? { [BUILT]: [...built] } : {}),
  };
}

export const text = (
  options: About & {
    readonly pattern?: string;
    readonly minLength?: number;
    readonly maxLength?: number;
    /** A rule that only a program can check; its name is one of those in src/config/formats.ts. */
    readonly format?: 'cron' | 'path' | 'regex' | 'time-zone' | 'url';
  },
) => Unsafe<string>({ type: 'string', ...about(options) });

export const flag = (options: About) => Unsafe<boolean>({ type: 'boolean', ...about(options) });

export const whole = (options: About & { readonly minimum?: number; readonly maximum?: number }) =>
  Unsafe<number>({ type: 'integer', ...about(options) });

export const real = (options: About & { readonly minimum?: number; readonly maximum?: number }) =>
  Unsafe<number>({ type: 'number', ...about(options) });

/** `90s`, `1m30s`, `2h`; becomes milliseconds. */
export const duration = (options: About) => Unsafe<Millis>({ type: 'string', format: 'duration', ...about(options) });

/** `512MiB`, `2GB`; becomes bytes. */
export const size = (options: About) => Unsafe<Bytes>({ type: 'string', format: 'size', ...about(options) });

/** `85%`; becomes 0.85. */
export const percent = (options: About) => Unsafe<number>({ type: 'string', format: 'percent', ...about(options) });

/** `200x50`: columns and rows. */
export const terminalSize = (options: About) =>
  Unsafe<{ readonly columns: number; readonly rows: number }>({
    type: 'string',
    format: 'terminal-size',
    ...about(options),
  });

/** A line for `sh -c`, or a list of words that are executed as they are. */
export const commandLine = (options: About) =>
  Unsafe<string | readonly string[]>({
    type: ['string', 'array'],
    minLength: 1,
    minItems: 1,
    items: { type: 'string', description: 'One word.' },
    ...about(options),
  });

/** What can stand in an environment: numbers and flags are taken as they are written, `null` unsets. */
export const environmentValue = (options: About) =>
  Unsafe<string | null>({ type: ['string', 'number', 'boolean', 'null'], ...about(options) });

export const oneOf = <const V extends readonly string[]>(values: V, options: About) =>
  Unsafe<V[number]>({ type: 'string', enum: [...values], ...about(options) });

export const list = <S extends TSchema>(
  items: S,
  options: About & { readonly minItems?: number; readonly uniqueItems?: true },
) => Unsafe<readonly Static<S>[]>({ type: 'array', items, ...about(options) });

/** A mapping from free names to values of one kind. */
export const dictionary = <S extends TSchema>(
  values: S,
  options: About & { readonly keys?: { readonly pattern: string; readonly maxLength?: number } },
) => {
  const { keys, ...rest } = options;
  const named = keys === undefined ? {} : { propertyNames: keys };
  return Unsafe<Readonly<Record<string, Static<S>>>>({
    type: 'object',
    additionalProperties: values,
    ...named,
    ...about(rest),
  });
};

/** Any JSON value. */
export const anything = (options: About) => Unsafe<unknown>({ ...about(options) });

/** A field that stays undefined when nobody writes it and no default stands for it. */
export const maybe = <S extends TSchema>(schema: S) => schema as unknown as TUnsafe<Static<S> | undefined>;

type Fields = Readonly<Record<string, TSchema>>;

/** A mapping with known keys. `x-` keys are free; any other unknown key is an error. */
export const section = <const F extends Fields>(
  fields: F,
  options: About & {
    readonly required?: readonly (keyof F & string)[];
    /** Exactly one of these must be written. */
    readonly exactlyOne?: readonly (keyof F & string)[];
  },
) => {
  const { required, exactlyOne, ...rest } = options;
  return Unsafe<{ readonly [K in keyof F]: Static<F[K]> }>({
    type: 'object',
    properties: fields,
    additionalProperties: false,
    patternProperties: { '^x-': {} },
    ...(required ? { required: [...required] } : {}),
    ...(exactlyOne ? { [EXACTLY_ONE]: [...exactlyOne] } : {}),
    ...about(rest),
  });
};

/** A mapping in which exactly one of the known keys stands, as in `{signal: TERM}` or `{wait: 2s}`. */
export const choice = <const F extends Fields>(fields: F, options: About) =>
  Unsafe<{ [K in keyof F]: { readonly [P in K]: Static<F[P]> } }[keyof F]>({
    type: 'object',
    properties: fields,
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
    ...about(options),
  });

/** How a short form is spelled out; kept beside the schema because a function does not belong into JSON. */
const expansions = new WeakMap<object, (short: unknown) => unknown>();

/**
 * A field that may also be written in a short form, such as `restart: always`.
 *
 * `expand` turns the short form into the long one before anything else looks at it, so only the long form is ever
 * validated, merged or read.
 */
export const short = <S extends TSchema>(
  long: S,
  forms: readonly TSchema[],
  expand: (short: unknown) => unknown,
): S => {
  const { default: fallback, description, [NOT_BUILT]: notBuilt, ...bare } = long as Record<string, unknown>;
  const schema = {
    anyOf: [...forms, { ...bare, description }],
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(notBuilt === undefined ? {} : { [NOT_BUILT]: true }),
  };
  expansions.set(schema, expand);
  longForms.set(schema, long);
  return schema as unknown as S;
};

const longForms = new WeakMap<object, TSchema>();

/** The schema of the long form, and how to get there; undefined for a field without a short form. */
export function shortFormOf(schema: object): { long: TSchema; expand: (short: unknown) => unknown } | undefined {
  const long = longForms.get(schema);
  const expand = expansions.get(schema);
  return long && expand ? { long, expand } : undefined;
}

export type { Static, TSchema };
