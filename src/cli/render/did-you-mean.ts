import { distance } from 'fastest-levenshtein';

/** A slip of the fingers changes about a third of a name at most. */
const TOLERANCE = 0.4;

/** The known name that was most probably meant; undefined where none is near. */
export function didYouMean(written: string, known: readonly string[]): string | undefined {
  const near = known
    .map((name) => ({ name, far: distance(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.ceil(Math.max(written.length, name.length) * TOLERANCE))
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1));
  return near[0]?.name;
}
