import type { Advice, Wish } from '../reconciler/types.ts';

/** What is done first if several policies want something. What a person asks for comes before all of it. */
const PRECEDENCE: readonly Wish['do'][] = ['stop', 'restart', 'start', 'hold', 'send', 'notify', 'warn'];

/** The strongest wish first; those of one kind in the order in which they came. */
export function strongestFirst(advice: readonly Advice[]): readonly Advice[] {
  return [...advice].sort((a, b) => PRECEDENCE.indexOf(a.wish.do) - PRECEDENCE.indexOf(b.wish.do));
}
