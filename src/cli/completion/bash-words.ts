/**
 * The words as they were typed. Bash makes three of `--for=ready` and of `team:core`, because `=` and `:` separate words
 * for it: what stands beside such a sign belongs to it.
 */
export function joined(pieces: readonly string[]): readonly string[] {
  const words: string[] = [];
  let sticks = false;
  for (const piece of pieces) {
    const separates = /^[=:]+$/.test(piece);
    if ((separates || sticks) && words.length > 0) words.push(`${words.pop()}${piece}`);
    else words.push(piece);
    sticks = separates;
  }
  return words;
}

/** What of a whole word takes the place of the last piece of it. */
export function lastPiece(word: string, begun: string): string {
  return word.slice(Math.max(begun.lastIndexOf('='), begun.lastIndexOf(':')) + 1);
}
