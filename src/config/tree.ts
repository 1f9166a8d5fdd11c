import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Problem } from './syntax.ts';
import { DEEPEST } from './syntax.ts';

/** What aliases may blow a file up to; no file of 1 MiB without aliases has more values. */
const MOST_VALUES = 600_000;

export type Tree = {
  /** The file as plain data: aliases replaced, merge keys merged. Parts may be shared; nothing may be changed. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<Alias, Node>;
};

/** YAML document -> plain data, in one walk that also finds what YAML allows and JSON data cannot be. */
export function treeOf(document: Document.Parsed): Tree {
  const walk = new Walk();
  const value = walk.value(document.contents, 0);
  return { value, problems: walk.problems, targets: walk.targets };
}

/** Whether this pair is a merge key, `<<: *anchor`. */
export function isMerge(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.value === '<<' && (pair.key.type ?? 'PLAIN') === 'PLAIN';
}

/** What an alias must know of its anchor. */
type Anchored = { readonly node: Node; done?: { readonly value: unknown; readonly size: number } };

class Walk {
  readonly problems: Problem[] = [];
  readonly targets = new Map<Alias, Node>();
  readonly #anchors = new Map<string, Anchored>();
  #size = 0;
  #blown = false;

  value(node: unknown, depth: number): unknown {
    this.#size += 1;
    if (depth > DEEPEST) return this.#problem('too_deep', 'aliases nest this too deeply', node);
    if (isAlias(node)) return this.#alias(node);
    if (isScalar(node)) return this.#noting(node, () => this.#scalar(node, node.value));
    if (isMap(node)) return this.#noting(node, () => this.#map(node, depth));
    if (isSeq(node)) return this.#noting(node, () => node.items.map((item) => this.value(item, depth + 1)));
    return null;
  }

  #noting(node: Node & { anchor?: string | undefined }, read: () => unknown): unknown {
    if (node.anchor === undefined) return read();
    const anchored: Anchored = { node };
    this.#anchors.set(node.anchor, anchored);
    const before = this.#size;
    const value = read();
    anchored.done = { value, size: this.#size - before };
    return value;
  }

  #alias(alias: Alias): unknown {
    const anchored = this.#anchors.get(alias.source);
    if (!anchored) return this.#problem('bad_alias', `no anchor \`&${alias.source}\` stands before this alias`, alias);
    if (!anchored.done) return this.#problem('bad_alias', `\`*${alias.source}\` contains itself`, alias);
    this.targets.set(alias, anchored.node);
    this.#size += anchored.done.size;
    if (this.#size <= MOST_VALUES) return anchored.done.value;
    // One report is enough: every alias behind it makes the file larger still.
    if (!this.#blown) this.#problem('bad_alias', `aliases blow this file up to more than ${MOST_VALUES} values`, alias);
    this.#blown = true;
    return null;
  }

  #scalar(node: Node, value: unknown): unknown {
    if (typeof value === 'number' && !Number.isFinite(value))
      return this.#problem('bad_value', 'infinity and not-a-number cannot be used', node);
    return value ?? null;
  }

  #map(map: YAMLMap, depth: number): Record<string, unknown> {
    const own: Record<string, unknown> = {};
    const keys = new Map<string, Node>();
    let merged: Record<string, unknown> = {};
    for (const pair of map.items) {
      const key = this.#key(pair, keys);
      if (key === undefined) continue;
      if (isMerge(pair)) merged = this.#merge(pair.value, depth);
      else own[key] = this.value(pair.value, depth + 1);
    }
    return { ...merged, ...own };
  }

  #key(pair: Pair, keys: Map<string, Node>): string | undefined {
    const { key } = pair;
    if (!isScalar(key) || typeof key.value !== 'string') {
      this.#problem('bad_name', 'a key must be a plain text', key);
      return undefined;
    }
    const name = key.value;
    if (name === '__proto__') {
      this.#problem('bad_name', '`__proto__` cannot be a key', key);
      return undefined;
    }
    const first = keys.get(name);
    if (first) {
      this.#duplicate(name, key, first);
      return undefined;
    }
    keys.set(name, key);
    return name;
  }

  #duplicate(name: string, second: Node, first: Node): void {
    this.problems.push({
      code: 'duplicate_key',
      message: `\`${name}\` is written twice in the same mapping`,
      range: rangeOf(second),
      also: { range: rangeOf(first), message: 'first written here' },
      ...(name === '<<' ? { hint: 'write `<<: [*one, *two]`' } : {}),
    });
  }

  #merge(value: unknown, depth: number): Record<string, unknown> {
    const sources = isSeq(value) ? value.items : [value];
    const values = sources.map((source) => [source, this.value(source, depth + 1)] as const);
    const usable = values.flatMap(([source, read]) => {
      if (isRecord(read)) return [read];
      if (read !== null || !isAlias(source) || this.targets.has(source))
        this.#problem('bad_alias', '`<<` takes mappings: `<<: *anchor` or `<<: [*one, *two]`', source);
      return [];
    });
    // The first of several sources wins.
    return Object.assign({}, ...usable.reverse());
  }

  #problem(code: Problem['code'], message: string, node: unknown): null {
    this.problems.push({ code, message, range: rangeOf(node) });
    return null;
  }
}

/** Where a node's own text stands; a node without text has the empty range at the start. */
export function rangeOf(node: unknown): readonly [number, number] {
  const range = (node as Partial<Node> | null | undefined)?.range;
  return range ? [range[0], range[1]] : [0, 0];
}

/** Whether this is a mapping. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
