/** A version as `MAJOR.MINOR.PATCH[-PRE.RELEASE][+BUILD]`. */
type Version = { readonly numbers: readonly number[]; readonly pre: readonly string[] };

/**
 * Whether a release comes after another one, in the order of https://semver.org (§11): a pre-release comes before its
 * release, and what a build adds after `+` does not count.
 *
 * A text that is no version is neither newer nor older than anything.
 */
export function isNewer(version: string, than: string): boolean {
  const [a, b] = [parse(version), parse(than)];
  return a !== undefined && b !== undefined && compare(a, b) > 0;
}

function parse(text: string): Version | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(text);
  if (!match) return undefined;
  const [, major, minor, patch, pre] = match;
  return { numbers: [major, minor, patch].map(Number), pre: pre === undefined ? [] : pre.split('.') };
}

function compare(a: Version, b: Version): number {
  const byNumbers = firstDifference(a.numbers.map((number, at) => number - (b.numbers[at] ?? 0)));
  if (byNumbers !== 0) return byNumbers;
  // A release has no pre-release part, and comes after all that have one.
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length;
  const shared = Math.min(a.pre.length, b.pre.length);
  const byParts = firstDifference(a.pre.slice(0, shared).map((part, at) => comparePart(part, b.pre[at] ?? '')));
  return byParts !== 0 ? byParts : a.pre.length - b.pre.length;
}

/** Numbers come before words, and are compared as numbers. */
function comparePart(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [a, b].map((part) => /^\d+$/.test(part));
  if (aIsNumber && bIsNumber) return Number(a) - Number(b);
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  return a === b ? 0 : a < b ? -1 : 1;
}

function firstDifference(differences: readonly number[]): number {
  return differences.find((difference) => difference !== 0) ?? 0;
}
