import type { Desired, Result } from '../reconciler/types.ts';
import { check } from './check.ts';
import { type Diagnostic, inReadingOrder, type Place } from './diagnostic.ts';
import { checkDefaults, type Draft, draft } from './draft.ts';
import { type Gathering, gatherSource, type LoadRequest } from './gather.ts';
import { checkIncluded, checkTmuxConfig, type Head, nameOf, normaliseHead, readHead } from './head.ts';
import { readIncludes } from './include.ts';
import { normalise } from './normalise.ts';
import { diskReader, type Reader } from './read.ts';
import { agentsOf, defaultsOf, topOf } from './written.ts';

export type { LoadRequest };

export type Loaded = {
  readonly desired: Desired;
  /** Every file that was read, for watching. */
  readonly files: readonly string[];
  /** Absolute include patterns, for watching. */
  readonly patterns: readonly string[];
  /** Every profile that an agent has, active or not. */
  readonly profiles: readonly string[];
  /** Variables that were taken from `request.environment`, and where. */
  readonly ambient: readonly { readonly name: string; readonly at: Place }[];
};

export type Rejected = {
  /** In reading order: the main file first, then line by line. */
  readonly diagnostics: readonly Diagnostic[];
  /** Texts for caret frames, without the values of environments. */
  readonly sources: ReadonlyMap<string, string>;
};

/**
 * Turn colony.yaml, and what it includes, into what we want the world to be.
 *
 * Every mistake is reported, each with its place: a file that is not YAML ends the work on that file alone, and an agent
 * that is wrong is left out of the checks that look at several agents. Never throws for a mistake of the user's.
 */
export function loadConfig(request: LoadRequest, reader: Reader = diskReader): Result<Loaded, Rejected> {
  const gathering: Gathering = {
    request,
    reader,
    files: new Set(),
    diagnostics: [],
    shown: new Map(),
    envFiles: new Map(),
  };
  return read(gathering) ?? { ok: false, error: rejected(gathering) };
}

/** undefined: there are mistakes. */
function read(gathering: Gathering): Result<Loaded, Rejected> | undefined {
  const { request, reader, diagnostics } = gathering;
  const main = gatherSource(gathering, request.path);
  const top = main && topOf(gathering, main);
  if (!main || !top) return undefined;
  const head = readHead(gathering, main, top);
  const { sources, patterns } = readIncludes(gathering, main, head.fields.include);
  for (const source of sources) checkIncluded(gathering, source, topOf(gathering, source) ?? {});
  const shared = { gathering, defaults: defaultsOf(main, top), scope: head.scope };
  const agents = agentsOf(gathering, main, sources);
  const drafts = agents.map(({ name, written }) => draft(name, written, shared));
  if (agents.length === 0) checkDefaults(shared);
  const name = nameOf(gathering, main, head);
  checkTmuxConfig(gathering, main, head);
  diagnostics.push(...check(drafts, main, request, reader));
  if (diagnostics.length > 0 || name === undefined) return undefined;
  const { desired, size } = normaliseHead(head, name, request);
  return {
    ok: true,
    value: {
      desired: { ...desired, agents: normalise(drafts, size) },
      files: [...gathering.files],
      patterns,
      profiles: [...new Set(drafts.flatMap(({ profiles }) => profiles))].sort(),
      ambient: ambientOf(head, drafts),
    },
  };
}

function rejected({ diagnostics, shown, request }: Gathering): Rejected {
  return {
    diagnostics: inReadingOrder(diagnostics, request.path),
    sources: new Map([...shown].map(([file, text]) => [file, text()])),
  };
}

/** Each variable once for each place, however many agents share the place. */
function ambientOf(head: Head, drafts: readonly Draft[]): Loaded['ambient'] {
  const instances = drafts.filter(({ active }) => active).flatMap((each) => each.instances);
  const mentions = [...head.ambient, ...instances.flatMap(({ ambient }) => ambient)];
  const unique = new Map(mentions.map((each) => [`${each.name}\0${each.source.file}\0${each.path.join('\0')}`, each]));
  return [...unique.values()].map(({ name, source, path }) => ({ name, at: source.valueAt(path) }));
}
