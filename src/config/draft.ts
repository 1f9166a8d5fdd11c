import { Agent } from '../spec/agent.ts';
import type { Diagnostic } from './diagnostic.ts';
import { type EnvFiles, readEnvFiles } from './env-files.ts';
import { shapeOf } from './expand.ts';
import { type Fragment, fragment, type Written } from './fragment.ts';
import type { Gathering, Mention } from './gather.ts';
import { interpolate, type Scope, type Variables } from './interpolate.ts';
import { merge } from './merge.ts';
import { isRecord } from './tree.ts';

/** One agent with its defaults merged in, before replicas are told apart. */
export type Draft = {
  readonly name: string;
  readonly written: Written;
  /** false: something is wrong with its fields, and what they say cannot be relied on. */
  readonly valid: boolean;
  /** Exists with the profiles that were asked for. */
  readonly active: boolean;
  readonly enabled: boolean;
  readonly profiles: readonly string[];
  /** One for each replica; of an invalid agent only the first. */
  readonly instances: readonly Instance[];
  /** `worker-1`, `worker-2`, or `worker` alone. */
  readonly names: readonly string[];
};

export type Instance = {
  readonly name: string;
  readonly replica: number;
  /** What the user set, in long form. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly secret: ReadonlySet<string>;
  /** Of env files and `env`. */
  readonly env: Readonly<Record<string, string | null>>;
  readonly ambient: readonly (Mention & { readonly name: string })[];
  /** Where a field was written: in the agent, or in the defaults. */
  readonly origin: (field: string) => Mention;
};

/** What all agents of a file share. */
export type Shared = {
  readonly gathering: Gathering;
  readonly defaults: Written;
  /** Variables that hold for every agent, most specific first; the env files of the top come first. */
  readonly scope: readonly [file: Variables, ambient: Variables];
};

/** Prepare one agent. Its mistakes are reported; those that only a variable or a missing file causes, if it is active. */
export function draft(name: string, written: Written, shared: Shared): Draft {
  const { gathering } = shared;
  const environmental: Diagnostic[] = [];
  const builder = { ...shared, gathering: { ...gathering, diagnostics: environmental }, name, written };
  const first = build(builder, 1);
  const { fields } = first.instance;
  const profiles = texts(fields.profiles);
  const active = profiles.length === 0 || profiles.some((profile) => gathering.request.profiles.includes(profile));
  gathering.diagnostics.push(...first.mistakes);
  const valid = first.mistakes.length === 0 && first.unresolved.length === 0;
  const replicas = valid && typeof fields.replicas === 'number' ? fields.replicas : 1;
  const names = replicas === 1 ? [name] : Array.from({ length: replicas }, (_, index) => `${name}-${index + 1}`);
  const built = names.map((_, index) => (index === 0 || !first.usesReplica ? first : build(builder, index + 1)));
  if (active)
    gathering.diagnostics.push(
      ...environmental,
      ...[first, ...built].flatMap(({ mistakes, unresolved }) => [...mistakes, ...unresolved]),
    );
  const instances = built.map(({ instance }, index) => ({
    ...instance,
    name: names[index] ?? name,
    replica: index + 1,
  }));
  return { name, written, valid, active, enabled: fields.enabled !== false, profiles, instances, names };
}

/** Check defaults that no agent takes over. */
export function checkDefaults({ gathering, defaults, scope }: Shared): void {
  const none = interpolate(undefined, defaults.source, defaults.path, scope);
  const { mistakes } = fragment(defaults, none, scope, gathering.request.home);
  gathering.diagnostics.push(...mistakes);
}

type Builder = Shared & { readonly name: string; readonly written: Written };

type Built = {
  readonly instance: Instance;
  readonly mistakes: readonly Diagnostic[];
  readonly unresolved: readonly Diagnostic[];
  readonly usesReplica: boolean;
};

function build(builder: Builder, replica: number): Built {
  const { gathering, defaults, scope, written, name } = builder;
  const own: Variables = { values: { REPLICA: String(replica) }, from: 'own' };
  const files = envFilesOf(builder, [own, ...scope]);
  const everything: Scope = [own, files.used, ...scope];
  const { home } = gathering.request;
  const above = fragment(written, files.own.field, everything, home);
  const below = fragment(defaults, files.defaults.field, everything, home);
  const origin = originOf(above, below);
  const fields = merge(below.fields, above.fields, shapeOf(Agent));
  const ambient = [above, below].flatMap((part) =>
    part.ambient.map(({ name: variable, path }) => ({ name: variable, source: part.written.source, path })),
  );
  return {
    instance: {
      name,
      replica,
      fields,
      secret: new Set([...above.secret, ...below.secret]),
      env: environment([scope[0].values, files.used.values, isRecord(fields.env) ? fields.env : {}]),
      ambient,
      origin,
    },
    mistakes: [...above.mistakes, ...below.mistakes],
    unresolved: [...above.unresolved, ...below.unresolved],
    usesReplica: above.usesReplica || below.usesReplica,
  };
}

/** The env files of the agent, or those of the defaults if it says nothing about them. */
function envFilesOf({ gathering, defaults, written }: Builder, scope: Scope) {
  const read = (from: Written, wanted: boolean): EnvFiles =>
    readEnvFiles(gathering, wanted ? from.value.env_file : undefined, mentionOf(from, 'env_file'), scope);
  const says = Object.hasOwn(written.value, 'env_file');
  const own = read(written, says);
  const inherited = read(defaults, !says);
  return { own, defaults: inherited, used: says ? own.variables : inherited.variables };
}

const mentionOf = (written: Written, field: string): Mention => ({
  source: written.source,
  path: [...written.path, field],
});

function originOf(above: Fragment, below: Fragment): (field: string) => Mention {
  return (field) => {
    const inDefaults = !Object.hasOwn(above.fields, field) && Object.hasOwn(below.fields, field);
    return mentionOf((inDefaults ? below : above).written, field);
  };
}

/** The later wins; what is neither a text nor `null` was refused already. */
function environment(layers: readonly Readonly<Record<string, unknown>>[]): Instance['env'] {
  const merged = Object.assign({}, ...layers) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(merged).filter(
      (entry): entry is [string, string | null] => typeof entry[1] === 'string' || entry[1] === null,
    ),
  );
}

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
