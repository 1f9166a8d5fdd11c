import type { AgentName, ConversationId, Kind } from '../reconciler/types.ts';
import type { LastWord } from './last-words.ts';
import type { Launcher } from './launcher.ts';

/** What stands on disk of a conversation; `empty`: its file is there, and nothing was said in it; `unknown`: nobody can tell. */
export type Transcript = 'kept' | 'empty' | 'missing' | 'unknown';

/** Everything that decides how a new life takes up a conversation. */
export type Known = {
  readonly ids: Launcher['ids'];
  readonly resume: 'auto' | 'never';
  /** The conversation that the agent was in. */
  readonly id: ConversationId | undefined;
  /** The kind of program that was in it, if it was another one. */
  readonly foreign: Kind | undefined;
  /** Another agent that is in it at this moment. */
  readonly other: AgentName | undefined;
  readonly lastWord: LastWord | undefined;
  readonly transcript: Transcript;
};

/**
 * How the new life begins.
 *
 * - `new`: with a conversation of its own; `instead` says of which one, and why, where that is worth telling.
 * - `same`: a new one under the id that was chosen for it before; nothing was said in it yet.
 */
export type Choice =
  | { readonly begin: 'resume'; readonly id: ConversationId }
  | { readonly begin: 'same'; readonly id: ConversationId }
  | { readonly begin: 'new'; readonly instead?: { readonly id: ConversationId; readonly why: string } };

/** Go on with the conversation wherever that is possible, and never with one that somebody else is in. */
export function choose(known: Known): Choice {
  const { ids, resume, id, lastWord, transcript } = known;
  if (ids === 'none' || resume === 'never' || id === undefined) return { begin: 'new' };
  const why = unusable(known);
  if (why !== undefined) return { begin: 'new', instead: { id, why } };
  const seen = transcript === 'kept' || transcript === 'unknown';
  if (seen || (lastWord?.is === 'taken' && transcript === 'missing')) return { begin: 'resume', id };
  if (ids === 'discovered') return { begin: 'new' };
  return transcript === 'missing'
    ? { begin: 'same', id }
    : { begin: 'new', instead: { id, why: 'its file on disk holds nothing that was said' } };
}

function unusable({ foreign, other, lastWord }: Known): string | undefined {
  if (foreign !== undefined) return `it belongs to another program (${foreign})`;
  if (other !== undefined) return `the agent "${other}" is in it`;
  return lastWord?.is === 'refused' ? `the program says: ${lastWord.text}` : undefined;
}

/** Ids come from programs; what is no plain word is not used in paths and commands. */
export function isPlainId(id: ConversationId): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(id);
}
