import type { ConversationId, History } from '../types.ts';
import type { Change } from './entry.ts';

/** So many earlier conversations of an agent are remembered: more than anybody will look for. */
const KEPT = 100;

/**
 * From this entry on the agent is in this conversation; what was typed in the one before does not count in a new one.
 *
 * A life that is to be replaced may still say that it is in a conversation which a person has left already.
 */
export const entered: Change<'conversation'> = (history, { id, how, run, at }) => {
  const { conversation: before, conversations: earlier, replace } = history;
  const wasLeft = run !== undefined && run === replace && earlier.includes(id);
  if (before?.id === id || wasLeft) return undefined;
  const conversations = withOne(earlier, before?.id).filter((each) => each !== id);
  const isNext = before !== undefined;
  return {
    ...history,
    conversation: { id, since: at, how },
    conversations,
    typings: isNext ? {} : history.typings,
    attention: isNext ? undefined : history.attention,
  };
};

/** What the program would not go on with is left, if the agent is still in it. */
export const refused: Change<'conversation_refused'> = (history, { id }) =>
  history.conversation?.id === id ? left(history) : undefined;

/** A person wants a new one. */
export const cleared: Change<'conversation_cleared'> = (history) => left(history);

/** The agent is in no conversation any more. Its id is kept: only the present place is empty. */
function left(history: History): History | undefined {
  const { conversation: before, conversations } = history;
  if (!before) return undefined;
  return {
    ...history,
    conversation: undefined,
    conversations: withOne(conversations, before.id),
    typings: {},
    attention: undefined,
  };
}

function withOne(ids: readonly ConversationId[], id: ConversationId | undefined): readonly ConversationId[] {
  return id === undefined ? ids : [...ids.filter((each) => each !== id), id].slice(-KEPT);
}
