import type { Grammar } from './launcher.ts';

/**
 * Which of the words behind a program are a prompt: a text of several words that no option has taken for itself.
 *
 * What stands behind an option that is not known may be its value, and is let pass.
 */
export function promptsAmong(words: readonly string[], grammar: Grammar | undefined): readonly string[] {
  if (!grammar) return [];
  return words.filter((word, at) => /\s/.test(word) && !word.startsWith('-') && isFree(words, at, grammar));
}

function isFree(words: readonly string[], at: number, { bare, taking }: Grammar): boolean {
  const [before, earlier = ''] = [words[at - 1], words[at - 2]];
  if (before === undefined || bare.includes(before) || /^--[^=]+=/.test(before)) return true;
  return !before.startsWith('-') && taking.includes(earlier);
}
