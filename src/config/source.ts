import { type Alias, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair, type Scalar } from 'yaml';
import type { Place } from './diagnostic.ts';
import { isMerge, isRecord, rangeOf } from './tree.ts';

/** The way to a value: keys and indexes from the top of the file. */
export type Path = readonly (string | number)[];

/** One file of the configuration: its text, its data, and where each part of the data was written. */
export type Source = {
  readonly file: string;
  readonly text: string;
  /** Plain data; parts may be shared, nothing may be changed. */
  readonly value: unknown;
  /** Of the value, or of the nearest thing around it that was written. */
  readonly valueAt: (path: Path) => Place;
  /** Of the key; for an item of a list, of the item. */
  readonly keyAt: (path: Path) => Place;
  /**
   * The way to what a person wrote for this value: the steps of the path that stand in the file. `restart.policy` was
   * written as `restart`, and `stop.sequence.0.signal` as `stop.signal`.
   */
  readonly writtenPath: (path: Path) => Path;
  /** The scalar as it was written; undefined for anything else. */
  readonly scalarAt: (path: Path) => Written | undefined;
  readonly placeOf: (range: readonly [number, number]) => Place;
};

export type Written = { readonly text: string; readonly plain: boolean };

/** What is needed to find places, made when the first place is asked for. */
export type Layout = {
  readonly contents: unknown;
  readonly lines: LineCounter;
  readonly targets: ReadonlyMap<Alias, Node>;
};

/** A file of the configuration; `layout` is called at most once. */
export function sourceOf(file: string, text: string, value: unknown, layout: () => Layout): Source {
  let made: Layout | undefined;
  const get = () => {
    made ??= layout();
    return made;
  };
  const placeOf = (range: readonly [number, number]) => toPlace(file, text, get().lines, range);
  return {
    file,
    text,
    value,
    placeOf,
    valueAt: (path) => placeOf(rangeOfValue(find(get(), writtenPath(value, path)))),
    keyAt: (path) => placeOf(rangeOfKey(find(get(), writtenPath(value, path)))),
    writtenPath: (path) => writtenPath(value, path),
    scalarAt: (path) => written(get(), find(get(), path), path.length),
  };
}

/** Short forms leave steps out, so a step that is not there is passed over. */
function writtenPath(value: unknown, path: Path): Path {
  let at = value;
  return path.filter((step) => {
    const next = childOf(at, step);
    if (next === undefined) return false;
    at = next;
    return true;
  });
}

function childOf(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) return value[Number(step)];
  return isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** Where a walk along a path ended: at its end, or at the last thing that was written. */
type Found = { readonly key: unknown; readonly value: unknown; readonly depth: number };

function find(layout: Layout, path: Path): Found {
  let found: Found = { key: undefined, value: layout.contents, depth: 0 };
  for (const step of path) {
    const node = follow(layout, found.value);
    const next = isSeq(node) ? itemOf(node.items, step) : isMap(node) ? pairOf(layout, node, String(step)) : undefined;
    if (!next) return found;
    found = { ...next, depth: found.depth + 1 };
  }
  return found;
}

const follow = (layout: Layout, node: unknown): unknown => (isAlias(node) ? layout.targets.get(node) : node);

function itemOf(items: readonly unknown[], step: string | number) {
  const item = items[Number(step)];
  return item === undefined ? undefined : { key: undefined, value: item };
}

/** The pair with this key: one of the mapping itself, else one that was merged into it. */
function pairOf(layout: Layout, map: { items: Pair[] }, name: string): Pick<Found, 'key' | 'value'> | undefined {
  const own = map.items.find((pair) => !isMerge(pair) && isScalar(pair.key) && pair.key.value === name);
  if (own) return { key: own.key, value: own.value ?? own.key };
  for (const source of map.items.filter(isMerge).flatMap(({ value }) => (isSeq(value) ? value.items : [value]))) {
    const target = follow(layout, source);
    const pair = isMap(target) ? pairOf(layout, target, name) : undefined;
    if (pair) return pair;
  }
  return undefined;
}

function rangeOfKey(found: Found): readonly [number, number] {
  return found.key === undefined ? rangeOfValue(found) : rangeOf(found.key);
}

/** A scalar or an alias itself; of a list or mapping its key, or the place where it begins. */
function rangeOfValue({ key, value }: Found): readonly [number, number] {
  if (isScalar(value) && value.range && value.range[1] > value.range[0]) return rangeOf(value);
  if (isAlias(value)) return rangeOf(value);
  if (key !== undefined) return rangeOf(key);
  const [start] = rangeOf(value);
  return [start, start + 1];
}

function written(layout: Layout, found: Found, wanted: number): Written | undefined {
  const value = follow(layout, found.value);
  if (found.depth !== wanted || !isScalar(value)) return undefined;
  const scalar = value as Scalar;
  return { text: scalar.source ?? String(scalar.value), plain: (scalar.type ?? 'PLAIN') === 'PLAIN' };
}

function toPlace(file: string, text: string, lines: LineCounter, range: readonly [number, number]): Place {
  const [from, end] = range;
  // What is missing at the end of the file is shown at the last thing that is there.
  const start = from < text.length ? from : Math.max(0, text.trimEnd().length - 1);
  const { line, col } = lines.linePos(start);
  if (line === 0) return { file, line: 1, column: Math.max(1, start + 1) };
  const lineEnd = text.indexOf('\n', start);
  const last = Math.max(start + 1, Math.min(end, lineEnd === -1 ? text.length : lineEnd));
  return { file, line, column: col, endColumn: col + (last - start) };
}
