import type { ConversationId, Entry, History, Told, Typings } from './types.ts';

type Of<T extends Entry['type']> = Extract<Entry, { type: T }>;
type Changed = Pick<History, 'conversation' | 'conversations' | 'typings' | 'attention'>;

/** What is known of a program that nothing is known of. */
export const nothingTold: Told = {
  evidence: [],
  telemetry: undefined,
  conversation: undefined,
  answer: undefined,
  marker: undefined,
  prompted: undefined,
  account: undefined,
};

/** So many earlier conversations of an agent are remembered: more than anybody will look for. */
const KEPT = 100;

/**
 * From this entry on the agent is in this conversation; what was typed in the one before does not count in a new one.
 *
 * A life that is to be replaced may still say that it is in a conversation which a person has left already.
 */
export function inConversation(history: History, { id, how, run, at }: Of<'conversation'>): Changed | undefined {
  const { conversation: before, conversations: earlier, replace } = history;
  const wasLeft = run !== undefined && run === replace && earlier.includes(id);
  if (before?.id === id || wasLeft) return undefined;
  const conversations = withOne(history.conversations, before?.id).filter((each) => each !== id);
  const isNext = before !== undefined;
  return {
    conversation: { id, since: at, how },
    conversations,
    typings: isNext ? {} : history.typings,
    attention: isNext ? undefined : history.attention,
  };
}

/** The agent is in no conversation any more. Its id is kept: only the present place is empty. */
export function withoutConversation(history: History, id?: ConversationId): Changed | undefined {
  const { conversation: before } = history;
  if (!before || (id !== undefined && before.id !== id)) return undefined;
  const conversations = withOne(history.conversations, before.id);
  return { conversation: undefined, conversations, typings: {}, attention: undefined };
}

function withOne(ids: readonly ConversationId[], id: ConversationId | undefined): readonly ConversationId[] {
  return id === undefined ? ids : [...ids.filter((each) => each !== id), id].slice(-KEPT);
}

/** What a person types begins the counting anew. */
export function typedBy({ typings }: History, { policy, at }: Of<'sent'>): Readonly<Record<string, Typings>> {
  if (policy === LETTER) return {};
  return { ...typings, [policy]: { times: (typings[policy]?.times ?? 0) + 1, at } };
}

/** What a person has asked to be typed goes under this name, where a policy's own stands else. */
export const LETTER = 'letter';
