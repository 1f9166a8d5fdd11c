/** The count of tokens that a program shows while it works: where that grows, something happens. */
const TOKENS = /[\d.,]+(?=k? tokens)/gi;

/** Spans of time that a program counts, up or down. */
const SPANS = /\b\d+(?:ms|[dhms])\b/g;

const LETTERS = 'abcdefghij';

/**
 * What a screen says, without what moves by itself while nothing happens: signs that spin, clocks, counters of seconds.
 * Two looks that have the same words have shown no progress.
 */
export function wordsOn(lines: readonly string[]): string {
  const counted = lines
    .join('\n')
    .replace(TOKENS, (count) => count.replace(/\d/g, (digit) => LETTERS[Number(digit)] ?? ''));
  return counted
    .replace(SPANS, '')
    .replace(/[^\p{L}]+/gu, ' ')
    .trim();
}
