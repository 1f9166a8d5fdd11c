import type { ConversationId, Kind } from '../reconciler/types.ts';
import { LAUNCHERS } from './launching.ts';

/**
 * What a program has said of a conversation before it ended at once.
 *
 * - `refused`: it has no conversation of that id.
 * - `taken`: it has one already, and will not begin another under the same id.
 */
export type LastWord = { readonly is: 'refused' | 'taken'; readonly text: string };

/** The last thing that the lines of a screen say of it; a terminal may have broken them anywhere. */
export function lastWordOn(kind: Kind, id: ConversationId, lines: readonly string[]): LastWord | undefined {
  const { refuses, taken } = LAUNCHERS[kind];
  const screen = squeezed(lines.join(''));
  const said = [
    ...refuses.map((text) => ({ is: 'refused' as const, text: text.replace('{id}', id) })),
    ...taken.map((text) => ({ is: 'taken' as const, text: text.replace('{id}', id) })),
  ].map((word) => ({ word, at: screen.lastIndexOf(squeezed(word.text)) }));
  return said.filter(({ at }) => at >= 0).sort((a, b) => b.at - a.at)[0]?.word;
}

function squeezed(text: string): string {
  return text.replaceAll(/\s/g, '');
}
