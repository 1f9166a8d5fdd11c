import { findCircles } from './cycle.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Draft } from './draft.ts';
import { type Mention, mistakeAt } from './gather.ts';
import { closest, didYouMean } from './suggest.ts';
import { isRecord } from './tree.ts';

/** Dependencies on what is not there, on what will not run, and on oneself by way of others. */
export function checkDependencies(drafts: readonly Draft[]): readonly Diagnostic[] {
  const owners = ownersOf(drafts);
  const waiting = drafts.filter(({ valid, active, enabled }) => valid && active && enabled);
  return [
    ...waiting.flatMap((draft) =>
      [...dependenciesOf(draft)].flatMap(([name, mention]) => checkOne(draft, name, mention, owners) ?? []),
    ),
    ...circles(waiting, owners),
  ];
}

/** By every name that a dependency may use: that of an agent in the file, and those of its replicas. */
function ownersOf(drafts: readonly Draft[]): ReadonlyMap<string, Draft> {
  const owners = new Map<string, Draft>();
  for (const draft of drafts) for (const name of [draft.name, ...draft.names]) owners.set(name, draft);
  return owners;
}

/** What any of an agent's replicas waits for, and where that is written. */
export function dependenciesOf({ instances }: Draft): ReadonlyMap<string, Mention> {
  const found = new Map<string, Mention>();
  for (const { fields, origin } of instances) {
    if (!isRecord(fields.depends_on)) continue;
    const { source, path } = origin('depends_on');
    const list = source.writtenPath(path).length === path.length ? itemsOf(source.value, path) : undefined;
    for (const name of Object.keys(fields.depends_on)) {
      const index = list?.indexOf(name) ?? -1;
      found.set(name, { source, path: [...path, index === -1 ? name : index] });
    }
  }
  return found;
}

/** A list of names is the short form, and then the place of a name is that of its item. */
function itemsOf(root: unknown, path: readonly (string | number)[]): readonly unknown[] | undefined {
  const value = path.reduce<unknown>((at, step) => (isRecord(at) ? at[step] : undefined), root);
  return Array.isArray(value) ? value : undefined;
}

function checkOne(
  draft: Draft,
  name: string,
  mention: Mention,
  owners: ReadonlyMap<string, Draft>,
): Diagnostic | undefined {
  const other = owners.get(name);
  const message = `\`${draft.name}\` depends on \`${name}\``;
  if (!other) {
    const hint = didYouMean(closest(name, [...owners.keys()])) ?? `the agents are: ${namesOf(owners)}`;
    return mistakeAt(mention, 'unknown_dependency', `${message}, and there is no such agent`, { value: name, hint });
  }
  const why = whyInactive(other);
  if (why === undefined) return undefined;
  const { source, path } = other.written;
  const also = { at: source.keyAt(path), message: `\`${other.name}\` is here` };
  return mistakeAt(mention, 'inactive_dependency', `${message}, which ${why}`, { value: name, also });
}

function whyInactive(other: Draft): string | undefined {
  if (!other.active)
    return `exists only with ${other.profiles.map((profile) => `\`--profile ${profile}\``).join(' or ')}`;
  if (!other.enabled) return 'is not enabled';
  return other.names.length === 0 ? 'has 0 replicas' : undefined;
}

function namesOf(owners: ReadonlyMap<string, Draft>): string {
  const names = [...new Set([...owners.values()].map(({ name }) => name))].sort();
  return names.length > 12 ? `${names.slice(0, 12).join(', ')}, …` : names.join(', ');
}

function circles(drafts: readonly Draft[], owners: ReadonlyMap<string, Draft>): readonly Diagnostic[] {
  const dependencies = new Map(drafts.map((draft) => [draft.name, dependenciesOf(draft)]));
  const graph = new Map(
    [...dependencies].map(([name, mentions]) => [
      name,
      [...new Set([...mentions.keys()].flatMap((other) => owners.get(other)?.name ?? []))],
    ]),
  );
  return findCircles(graph).flatMap((circle) => {
    const [first] = circle;
    const next = circle[1] ?? first;
    const mentions = dependencies.get(first) ?? new Map<string, Mention>();
    const mention = [...mentions].find(([name]) => owners.get(name)?.name === next)?.[1];
    const way = [...circle, first].map((name) => `\`${name}\``).join(' -> ');
    const message = `these agents wait for each other, so none can start: ${way}`;
    return mention ? [mistakeAt(mention, 'dependency_cycle', message, { hint: 'remove one of the dependencies' })] : [];
  });
}
