/** Anything with a place in a row of numbers. */
type Numbered = { readonly seq: number };

export type InOrder<T> = {
  /** Strictly rising. */
  readonly items: readonly T[];
  /** They were not so before. */
  readonly sorted: boolean;
  /** Items whose number cannot be right where they stand. */
  readonly strangers: number;
};

/**
 * Put numbered items into their order, as far as they can be believed.
 *
 * The order in which they stand is the stronger evidence: the longest rising row among them is right. Another one is
 * taken in if its number is missing there, within the row or next to its ends (lines changed places), left out without a
 * word if it is there already (a line stands twice), and is a stranger otherwise: its number was damaged.
 */
export function inOrder<T extends Numbered>(items: readonly T[], same: (a: T, b: T) => boolean): InOrder<T> {
  const rises = items.every((item, at) => at === 0 || item.seq > (items[at - 1]?.seq ?? 0));
  if (rises) return { items, sorted: false, strangers: 0 };
  const row = longestRise(items);
  const kept = new Map(row.map((item) => [item.seq, item] as const));
  const strays = items.filter((item) => kept.get(item.seq) !== item).sort((a, b) => a.seq - b.seq);
  const start = reach(strays.map(({ seq }) => seq).reverse(), row[0]?.seq ?? 0, -1);
  const end = reach(
    strays.map(({ seq }) => seq),
    row.at(-1)?.seq ?? 0,
    1,
  );
  let strangers = 0;
  for (const item of strays) {
    const there = kept.get(item.seq);
    if (there && same(there, item)) continue;
    if (there || item.seq < start || item.seq > end) strangers += 1;
    else kept.set(item.seq, item);
  }
  return { items: [...kept.values()].sort((a, b) => a.seq - b.seq), sorted: true, strangers };
}

/** How far the row goes on without a break if the strays, ordered away from it, are taken in. */
function reach(strays: readonly number[], from: number, step: 1 | -1): number {
  return strays.reduce((end, seq) => (seq === end + step ? seq : end), from);
}

/** The longest strictly rising row, by patience: for each length, the item with the smallest number that ends one. */
function longestRise<T extends Numbered>(items: readonly T[]): readonly T[] {
  const ends: number[] = [];
  const before: (number | undefined)[] = [];
  for (const [at, { seq }] of items.entries()) {
    const length = firstNotBelow(ends, (end) => (items[end]?.seq ?? 0) >= seq);
    before[at] = ends[length - 1];
    ends[length] = at;
  }
  const row: T[] = [];
  for (let at = ends.at(-1); at !== undefined; at = before[at]) {
    const item = items[at];
    if (item) row.push(item);
  }
  return row.reverse();
}

/** Index of the first element for which `holds`, in a list where it holds for all after the first. */
function firstNotBelow(list: readonly number[], holds: (value: number) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(list[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
