/** A pattern of the user's, and the texts that it is looked for in. */
export type Question = { readonly pattern: string; readonly flags: '' | 'm'; readonly texts: readonly string[] };

/** The first and the last of the texts that match, how many do, and where in the first one the match begins. */
export type Match = { readonly first: number; readonly last: number; readonly count: number; readonly at: number };

/** Which of the texts match; undefined: none. It runs in a thread, as its own source: it may use nothing from outside. */
export function search({ pattern, flags, texts }: Question): Match | undefined {
  const expression = new RegExp(pattern, flags);
  let found: Match | undefined;
  for (const [index, text] of texts.entries()) {
    const at = text.search(expression);
    if (at >= 0)
      found = { first: found?.first ?? index, last: index, count: (found?.count ?? 0) + 1, at: found?.at ?? at };
  }
  return found;
}
