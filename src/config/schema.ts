import { longOf, type Shape } from './expand.ts';

/** What ajv checks: long forms only, without the words for people. */
export type LongSchema = Readonly<Record<string, unknown>>;

const CHECKED = [
  'type',
  'enum',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'required',
  'propertyNames',
];

/** The long form of a part of the vocabulary. It has no alternatives, so every mistake has exactly one place. */
export function longSchema(shape: Shape): LongSchema {
  const long = longOf(shape);
  const schema: Record<string, unknown> = {};
  for (const keyword of CHECKED) if (long[keyword] !== undefined) schema[keyword] = long[keyword];
  if (long.items) schema.items = longSchema(long.items);
  if (long.properties)
    schema.properties = Object.fromEntries(
      Object.entries(long.properties).map(([key, field]) => [key, longSchema(field)]),
    );
  if (long.additionalProperties === false) schema.additionalProperties = false;
  if (typeof long.additionalProperties === 'object') {
    const values = longSchema(long.additionalProperties);
    if (Object.keys(values).length > 0) schema.additionalProperties = values;
  }
  return schema;
}

export { publishedSchema } from './published.ts';
