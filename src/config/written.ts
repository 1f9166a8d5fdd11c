import type { Diagnostic } from './diagnostic.ts';
import type { Written } from './fragment.ts';
import type { Gathering } from './gather.ts';
import type { Source } from './source.ts';
import { isRecord } from './tree.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** The mapping that a file is, or undefined after saying that it is none. */
export function topOf({ diagnostics, request }: Gathering, source: Source): Mapping | undefined {
  if (isRecord(source.value)) return source.value;
  const isMain = source.file === request.path;
  const at = source.valueAt([]);
  const what = source.value === null ? 'is empty' : 'is not a mapping';
  if (source.value !== null || isMain)
    diagnostics.push({
      code: source.value === null ? 'missing_key' : 'wrong_type',
      message: `the file ${what}; it needs \`agents:\``,
      at,
      hint: 'begin with `agents:`, and under it a name for each program with its `command:`',
    });
  return source.value === null && !isMain ? {} : undefined;
}

/** The defaults of the main file; nothing if there are none. */
export function defaultsOf(main: Source, top: Mapping): Written {
  return { source: main, path: ['defaults'], value: isRecord(top.defaults) ? top.defaults : {} };
}

/** Every agent of every file, in the order of the files; the same name twice is a mistake. */
export function agentsOf(
  { diagnostics }: Gathering,
  main: Source,
  included: readonly Source[],
): readonly { readonly name: string; readonly written: Written }[] {
  const agents = new Map<string, Written>();
  if (included.length === 0 && (mappingOf(main.value).agents ?? null) === null) diagnostics.push(noAgents(main));
  const entries = [main, ...included].flatMap((source) =>
    Object.entries(mappingOf(mappingOf(source.value).agents)).map(([name, value]) => ({ name, value, source })),
  );
  for (const { name, value, source } of entries) {
    const first = agents.get(name);
    if (first) diagnostics.push(twice(name, source, first));
    else if (value === null || isRecord(value))
      agents.set(name, { source, path: ['agents', name], value: value ?? {} });
    else diagnostics.push(notMapping(name, source));
  }
  return [...agents].map(([name, written]) => ({ name, written }));
}

const mappingOf = (value: unknown): Mapping => (isRecord(value) ? value : {});

const noAgents = (main: Source): Diagnostic => ({
  code: 'missing_key',
  message: 'the file says nothing under `agents`',
  at: main.keyAt(['agents']),
  field: 'agents',
  hint: 'write `agents: {}` for a colony without agents',
});

const twice = (name: string, source: Source, first: Written): Diagnostic => ({
  code: 'duplicate_agent',
  message: `the agent \`${name}\` is written twice`,
  at: source.keyAt(['agents', name]),
  field: `agents.${name}`,
  also: { at: first.source.keyAt(first.path), message: 'first written here' },
});

const notMapping = (name: string, source: Source): Diagnostic => ({
  code: 'wrong_type',
  message: `\`agents.${name}\` must be a mapping`,
  at: source.valueAt(['agents', name]),
  field: `agents.${name}`,
  rule: 'a mapping',
  hint: 'write the fields of the agent under its name, such as `command: …`',
});
