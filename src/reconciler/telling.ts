import { hasLiveRun, noHistory } from './ledger.ts';
import { ownerFirst } from './pair.ts';
import type {
  Activity,
  AgentName,
  Attention,
  ConversationId,
  Event,
  History,
  Millis,
  ReconcileInput,
  RunId,
  Vitals,
} from './types.ts';

type Input = Omit<ReconcileInput, 'now'>;

/**
 * What the programs themselves have made known since the ledger was written: that they are in another conversation, and
 * that they wait for a person, or for the end of a usage limit.
 */
export function newsOf(input: Input): readonly Event[] {
  const taken = new Map(conversationsIn(input));
  return [...input.desired.agents.keys()].sort().flatMap((agent) => {
    const vitals = vitalsOf(agent, input);
    const history = input.ledger.agents.get(agent) ?? noHistory;
    if (!vitals || vitals.run !== history.run) return [];
    return [...conversationNews(agent, vitals, history, taken), ...attentionNews(agent, vitals, history)];
  });
}

/** Whose program is in which conversation. */
type Taken = Map<ConversationId, AgentName>;

/** One that was left behind by an agent that does not run is free: a person may go on with it by hand elsewhere. */
function conversationsIn({ ledger }: Input): readonly (readonly [ConversationId, AgentName])[] {
  return [...ledger.agents].flatMap(([agent, history]) =>
    history.conversation && hasLiveRun(history) ? [[history.conversation.id, agent]] : [],
  );
}

/** Of the life that runs. While something is done to an agent its life may be over already. */
function vitalsOf(agent: AgentName, { observed, operations, vitals }: Input): Vitals | undefined {
  const [session] = observed.known ? ownerFirst(observed.sessions.get(agent) ?? []) : [];
  const found = vitals.get(agent);
  const same = session?.main.state === 'alive' && found?.run === session.run;
  return same && !operations.has(agent) ? found : undefined;
}

/** Two agents are never in one conversation: who comes second is mistaken, or was given the same id by hand. */
function conversationNews(
  agent: AgentName,
  { run, told }: Vitals,
  { conversation, conversations, replace }: History,
  taken: Taken,
): readonly Event[] {
  const id = told.conversation;
  // A person has left it, and the life that is still in it is about to be replaced.
  if (id !== undefined && replace === run && conversations.includes(id)) return [];
  if (id === undefined || id === conversation?.id || (taken.get(id) ?? agent) !== agent) return [];
  taken.set(id, agent);
  return [{ type: 'conversation', agent, run, id, how: 'discovered' }];
}

function attentionNews(agent: AgentName, vitals: Vitals, history: History): readonly Event[] {
  const { run, activity } = vitals;
  const { attention } = history;
  const now = attentionIn(activity);
  if (!now) return attention && isOver(attention, vitals, history) ? [over(agent, run)] : [];
  if (attention && isSame(now, attention)) return [];
  return [{ type: 'attention', agent, run, source: activity.source ?? 'report', ...now }];
}

/** A limit that was reached in an earlier life lasts until the program is given something to do: it cannot know of it. */
function isOver(attention: Attention, { activity, told }: Vitals, { started }: History): boolean {
  if (activity.state === 'unknown') return false;
  return !isFromBefore(attention, started) || (told.prompted ?? 0) >= (started ?? 0);
}

/** Whether a usage limit was reached before this life began. */
export function isFromBefore({ state, since }: Attention, started: Millis | undefined): boolean {
  return state === 'limited' && started !== undefined && since < started;
}

const over = (agent: AgentName, run: RunId): Event => ({ type: 'attention_over', agent, run });

function attentionIn({ state, for: what, until }: Activity): Omit<Attention, 'since'> | undefined {
  if (state !== 'waiting' && state !== 'limited') return undefined;
  return { state, ...(what === undefined ? {} : { for: what }), ...(until === undefined ? {} : { until }) };
}

/** Programs tell the end of a limit to the minute, or to the second. */
const CLOSE = 60_000;

function isSame(now: Omit<Attention, 'since'>, before: Attention): boolean {
  if (now.state !== before.state || now.for !== before.for) return false;
  if (now.until === undefined || before.until === undefined) return now.until === before.until;
  return Math.abs(now.until - before.until) < CLOSE;
}
