import { dirname } from 'node:path';
import { Agent } from '../spec/agent.ts';
import { Colony } from '../spec/colony.ts';
import type { Diagnostic } from './diagnostic.ts';
import { expand, knownKeys, shapeOf } from './expand.ts';
import { type Interpolated, interpolate, type Scope } from './interpolate.ts';
import { absolute } from './paths.ts';
import { ownRules } from './rules.ts';
import type { Path, Source } from './source.ts';
import { isRecord } from './tree.ts';
import { validate } from './validate.ts';
import { type Context, explain } from './words.ts';

/** One mapping of agent fields as it stands in a file: an agent, or the defaults. */
export type Written = {
  readonly source: Source;
  readonly path: Path;
  readonly value: Readonly<Record<string, unknown>>;
};

/** The same, ready to be merged: variables replaced, short forms spelled out, paths absolute, checked. */
export type Fragment = {
  readonly written: Written;
  readonly fields: Readonly<Record<string, unknown>>;
  /** About the file alone: they hold whatever the machine and its variables are. */
  readonly mistakes: readonly Diagnostic[];
  /** About variables. */
  readonly unresolved: readonly Diagnostic[];
  /** Fields that hold values of variables. */
  readonly secret: ReadonlySet<string>;
  readonly ambient: Interpolated['ambient'];
  readonly usesReplica: boolean;
};

const elsewhere: ReadonlyMap<string, string> = new Map(
  knownKeys(shapeOf(Colony)).map((key) => [key, `\`${key}\` belongs at the top of colony.yaml`]),
);

/**
 * Prepare one mapping of agent fields. `envFile` is its `env_file`, whose variables were replaced before; its value is
 * undefined if there is none, or if it does not count because the agent names its own.
 */
export function fragment(written: Written, envFile: Interpolated, scope: Scope, home: string): Fragment {
  const { source, path, value } = written;
  const { env_file: _, ...rest } = value;
  const interpolated = interpolate(rest, source, path, scope);
  const whole = isRecord(interpolated.value) ? { ...interpolated.value } : {};
  if (envFile.value !== undefined) whole.env_file = envFile.value;
  const fields = expand(whole, Agent) as Record<string, unknown>;
  const shape = shapeOf(Agent);
  const secret = new Set([...interpolated.secret, ...envFile.secret]);
  const failed = new Set([...interpolated.failed, ...envFile.failed]);
  const context: Context = { source, base: path, shape, interpolated: { secret, failed }, elsewhere };
  const breaches = validate(fields, shape).flatMap((breach) => explain(breach, context) ?? []);
  return {
    written,
    fields: settled(fields, written, home),
    mistakes: [...breaches, ...ownRules(fields, context)],
    unresolved: interpolated.diagnostics,
    secret: new Set([...secret].map((key) => key.split('\0')[path.length] ?? '')),
    ambient: [...interpolated.ambient, ...envFile.ambient],
    usesReplica: interpolated.usesReplica || envFile.usesReplica,
  };
}

/** What depends on the file that holds the fields: relative paths, and how numbers in an environment were spelled. */
function settled(fields: Readonly<Record<string, unknown>>, { source, path }: Written, home: string) {
  const { workdir, env } = fields;
  return {
    ...fields,
    ...(typeof workdir === 'string' ? { workdir: absolute(workdir, dirname(source.file), home) } : {}),
    ...(isRecord(env) ? { env: environmentTexts(env, source, [...path, 'env']) } : {}),
  };
}

/** `1.10` is a number for YAML, and a text for a program that reads it from its environment. */
function environmentTexts(env: Readonly<Record<string, unknown>>, source: Source, path: Path) {
  const texts = Object.entries(env).map(([key, value]) => {
    if (typeof value !== 'number' && typeof value !== 'boolean') return [key, value];
    return [key, source.scalarAt([...path, key])?.text ?? String(value)];
  });
  return Object.fromEntries(texts) as Readonly<Record<string, unknown>>;
}
