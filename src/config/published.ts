import { Agent, Defaults } from '../spec/agent.ts';
import { Colony } from '../spec/colony.ts';
import { BUILT, EXACTLY_ONE, NOT_BUILT } from '../spec/define.ts';
import { Probe } from '../spec/probes.ts';
import { type Shape, shapeOf } from './expand.ts';
import { FORMATS } from './formats.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of colony.yaml for editors, with every short form.
 *
 * It accepts what colony accepts before variables are replaced: `replicas: ${N:-2}` and `restart: null` are fine.
 */
export function publishedSchema(): Json {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'urn:agent-colony:colony.yaml:1',
    title: 'colony.yaml',
    ...published(shapeOf(Colony)),
    definitions: {
      variable: {
        type: 'string',
        pattern: VARIABLE,
        description: 'A text with variables: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`.',
      },
      agent: mapping(shapeOf(Agent)),
      probe: mapping(shapeOf(Probe)),
    },
  };
}

const VARIABLE = '\\$\\{';

/** Keywords of the vocabulary that no editor knows, and those that are spelled differently for editors. */
const DROPPED = new Set([
  NOT_BUILT,
  BUILT,
  EXACTLY_ONE,
  'properties',
  'additionalProperties',
  'items',
  'anyOf',
  'format',
]);

/** What is used in several places is described once. */
const SHARED: ReadonlyMap<Shape, string> = new Map([
  [shapeOf(Agent), 'agent'],
  [shapeOf(Defaults), 'agent'],
  [shapeOf(Probe), 'probe'],
]);

function published(shape: Shape): Json {
  const name = SHARED.get(shape);
  if (name !== undefined) return { description: shape.description, allOf: [{ $ref: `#/definitions/${name}` }] };
  if (shape.anyOf) return { ...plain(shape), anyOf: shape.anyOf.map(published) };
  if (shape.enum) return { ...plain(shape, 'type', 'enum'), anyOf: [{ enum: shape.enum }, VARIABLE_REF] };
  return shape.type === 'object' ? mapping(shape) : value(shape);
}

const VARIABLE_REF = { $ref: '#/definitions/variable' };

function plain(shape: Shape, ...without: string[]): Json {
  return Object.fromEntries(
    Object.entries(shape).filter(([key]) => !DROPPED.has(key) && !key.startsWith('~') && !without.includes(key)),
  );
}

function mapping(shape: Shape): Json {
  const oneOf = shape[EXACTLY_ONE] as readonly string[] | undefined;
  const { additionalProperties, properties } = shape;
  return {
    ...plain(shape),
    ...(properties ? { properties: fields(properties, shape.required ?? []) } : {}),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: valuesOf(additionalProperties) } : {}),
    ...(additionalProperties === false ? { additionalProperties: false } : {}),
    ...(oneOf ? { oneOf: oneOf.map((key) => ({ required: [key] })) } : {}),
  };
}

/** An agent without fields of its own is `null`, and may be whole with the defaults. */
const valuesOf = (shape: Shape): Json => (shape === shapeOf(Agent) ? nullable(published(shape)) : published(shape));

function fields(properties: Readonly<Record<string, Shape>>, required: readonly string[]): Json {
  return Object.fromEntries(
    Object.entries(properties).map(([key, shape]) => [
      key,
      required.includes(key) ? published(shape) : nullable(published(shape)),
    ]),
  );
}

/** `null` resets a field to what holds when nobody writes it. */
function nullable(schema: Json): Json {
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  if (Array.isArray(schema.allOf)) {
    const { allOf, ...rest } = schema;
    return { ...rest, anyOf: [...schema.allOf, { type: 'null' }] };
  }
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return schema.type === undefined || types.includes('null') ? schema : { ...schema, type: [...types, 'null'] };
}

/** A text, number, flag or list; whatever it must be, it may also be a text with variables. */
function value(shape: Shape): Json {
  const { items, format, type } = shape;
  const pattern = shape.pattern ?? (format === undefined ? undefined : FORMATS[format]?.pattern);
  const schema: Json = { ...plain(shape), ...(items ? { items: published(items) } : {}) };
  if (type === 'integer' || type === 'number' || type === 'boolean')
    return { ...schema, type: [type, 'string'], pattern: VARIABLE };
  return pattern === undefined ? schema : { ...schema, pattern: `(?:${String(pattern)})|${VARIABLE}` };
}
