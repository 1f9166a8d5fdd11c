import { basename, dirname } from 'node:path';
import type { Desired, TmuxSpec } from '../reconciler/types.ts';
import { Agent, NAME } from '../spec/agent.ts';
import { Agents, CircuitBreaker, Colony, Concurrency, History, Included, Reload, Tmux } from '../spec/colony.ts';
import { readEnvFiles } from './env-files.ts';
import { expand, knownKeys, type Shape, shapeOf } from './expand.ts';
import { type Gathering, type Mention, mistakeAt } from './gather.ts';
import { interpolate, type Variables } from './interpolate.ts';
import type { Size } from './normalise.ts';
import { absolute } from './paths.ts';
import { realise } from './realise.ts';
import { NAME_HINT } from './rule-words.ts';
import { ownRules } from './rules.ts';
import type { Source } from './source.ts';
import { isRecord } from './tree.ts';
import { validate } from './validate.ts';
import { type Context, explain } from './words.ts';

/** The top of the main file: everything but its agents. */
export type Head = {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Of the env files of the top, and of the captured environment. */
  readonly scope: readonly [file: Variables, ambient: Variables];
  readonly ambient: readonly (Mention & { readonly name: string })[];
};

const AGENT_HINTS: ReadonlyMap<string, string> = new Map(
  knownKeys(shapeOf(Agent)).map((key) => [key, `\`${key}\` belongs under an agent, or under \`defaults:\``]),
);

const INCLUDED_HINTS: ReadonlyMap<string, string> = new Map(
  knownKeys(shapeOf(Colony)).map((key) => [
    key,
    `\`${key}\` belongs into the main file; an included file holds \`agents:\` alone`,
  ]),
);

/** Read the top of the main file; what is wrong with it is reported. */
export function readHead(gathering: Gathering, main: Source, top: Readonly<Record<string, unknown>>): Head {
  const captured: Variables = { values: gathering.request.environment, from: 'ambient' };
  const files = readEnvFiles(gathering, top.env_file, { source: main, path: ['env_file'] }, [captured]);
  const { agents, defaults, env_file: _, ...rest } = top;
  const scope = [files.variables, captured] as const;
  const replaced = interpolate(rest, main, [], scope);
  gathering.diagnostics.push(...replaced.diagnostics);
  const whole = { ...(isRecord(replaced.value) ? replaced.value : {}), env_file: files.field.value ?? null };
  const fields = expand(whole, Colony) as Readonly<Record<string, unknown>>;
  const failed = new Set([...replaced.failed, ...files.field.failed]);
  const secret = new Set([...replaced.secret, ...files.field.secret]);
  const shape = shapeOf(Colony);
  const context: Context = {
    source: main,
    base: [],
    shape,
    interpolated: { secret, failed },
    elsewhere: AGENT_HINTS,
  };
  const breaches = validate({ ...fields, ...given({ agents, defaults }) }, TOP);
  gathering.diagnostics.push(
    ...breaches.flatMap((breach) => explain(breach, context) ?? []),
    ...ownRules(fields, context),
  );
  const ambient = [...files.field.ambient, ...replaced.ambient];
  return { fields, scope, ambient: ambient.map(({ name, path }) => ({ name, source: main, path })) };
}

/** Agents are checked one by one, each with its own variables; here only their names are. */
const { additionalProperties: _values, ...AGENT_NAMES } = shapeOf(Agents);

const TOP: Shape = {
  ...shapeOf(Colony),
  properties: { ...shapeOf(Colony).properties, agents: AGENT_NAMES, defaults: { type: 'object' } },
};

const INCLUDED_TOP: Shape = { ...shapeOf(Included), properties: { agents: AGENT_NAMES } };

/** Without the keys whose values nobody wrote. */
const given = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Check what is not an agent of an included file. */
export function checkIncluded(gathering: Gathering, source: Source, top: Readonly<Record<string, unknown>>): void {
  const none = { secret: new Set<string>(), failed: new Set<string>() };
  const shape = shapeOf(Included);
  const context: Context = { source, base: [], shape, interpolated: none, elsewhere: INCLUDED_HINTS };
  const known = Object.fromEntries(Object.entries(top).filter(([key]) => !key.startsWith('x-')));
  const breaches = validate(known, INCLUDED_TOP);
  gathering.diagnostics.push(...breaches.flatMap((breach) => explain(breach, context) ?? []));
}

/** The part of Desired that is not about agents, and the size of all terminals. */
export function normaliseHead(
  head: Head,
  name: string,
  { path, profiles, generation, home }: Gathering['request'],
): { readonly desired: Omit<Desired, 'agents'>; readonly size: Size } {
  const tmux = realise(Tmux, head.fields.tmux);
  const written = isRecord(head.fields.tmux) ? head.fields.tmux.size : undefined;
  const socket = tmux.socket ?? `colony-${name}`;
  const server: TmuxSpec['server'] = socket === 'default' ? { kind: 'default' } : { kind: 'own', socket };
  const config = tmux.config === 'none' ? undefined : absolute(tmux.config, dirname(path), home);
  return {
    desired: {
      name,
      path,
      generation,
      profiles,
      reload: realise(Reload, head.fields.reload),
      tmux: { server, config, history_limit: tmux.history_limit, size: tmux.size },
      concurrency: realise(Concurrency, head.fields.concurrency),
      circuit_breaker: realise(CircuitBreaker, head.fields.circuit_breaker),
      history: realise(History, head.fields.history),
    },
    size: { real: tmux.size, written: typeof written === 'string' ? written : undefined },
  };
}

/** The name of the colony: as written, or the folder's name made fit; undefined after asking for one. */
export function nameOf(gathering: Gathering, main: Source, head: Head): string | undefined {
  const { name } = head.fields;
  if (typeof name === 'string') return name;
  const folder = basename(dirname(main.file));
  const fit = folder
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, NAME.maxLength)
    .replace(/-+$/, '');
  if (fit !== '') return fit;
  const message = `the colony needs a \`name\`: none can be made of the folder's name, \`${folder}\``;
  const mistake = mistakeAt({ source: main, path: ['name'] }, 'missing_key', message, { hint: NAME_HINT });
  gathering.diagnostics.push(mistake);
  return undefined;
}

/** A tmux configuration that does not exist would keep every session from starting. */
export function checkTmuxConfig(gathering: Gathering, main: Source, head: Head): void {
  const written = isRecord(head.fields.tmux) ? head.fields.tmux.config : undefined;
  if (typeof written !== 'string' || written === 'none') return;
  const file = absolute(written, dirname(main.file), gathering.request.home);
  if (gathering.reader.kindOf(file) === 'file') return;
  const mention: Mention = { source: main, path: ['tmux', 'config'] };
  const hint = 'write `none` for no configuration';
  gathering.diagnostics.push(mistakeAt(mention, 'file_missing', `\`tmux.config\`: ${file} is not a file`, { hint }));
}
