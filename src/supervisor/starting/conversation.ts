import { randomUUID } from 'node:crypto';
import { type Choice, choose, isPlainId, type Transcript } from '../../agents/choice.ts';
import type { Start } from '../../agents/define.ts';
import type { Launcher, Place } from '../../agents/launcher.ts';
import { foreignTo, LAUNCHERS } from '../../agents/launching.ts';
import { hasLiveRun, noHistory } from '../../reconciler/ledger.ts';
import type { Action, AgentName, ConversationId } from '../../reconciler/types.ts';
import { announce, type Colony } from '../colony.ts';
import { lastWordOf } from './last-words.ts';
import { lookFor } from './transcript.ts';

type Starting = Extract<Action, { do: 'spawn' | 'respawn' }>;

/**
 * How the program takes up a conversation, and with which.
 *
 * An id that colony chooses is written down before the program is started with it, so whoever is killed in between
 * leaves an agent that begins under the same id.
 */
export async function takeUp(colony: Colony, action: Starting, place: Place): Promise<Start> {
  const { agent, spec } = action;
  const launcher = LAUNCHERS[spec.kind];
  const choice = await choiceFor(colony, action, launcher, place);
  if (choice.begin === 'resume') return { do: 'resume', id: choice.id };
  if (choice.begin === 'same') return { do: 'new', id: choice.id };
  if (choice.instead) announce(colony, { type: 'conversation_refused', agent, run: undefined, ...choice.instead });
  if (launcher.ids !== 'assigned' || spec.resume === 'never') return { do: 'new', id: undefined };
  const id = randomUUID();
  announce(colony, { type: 'conversation', agent, run: undefined, id, how: 'assigned' });
  return { do: 'new', id };
}

async function choiceFor(colony: Colony, action: Starting, launcher: Launcher, place: Place): Promise<Choice> {
  const { agent, spec } = action;
  const history = colony.journal.ledger.agents.get(agent) ?? noHistory;
  const written = history.conversation?.id;
  const id = written !== undefined && isPlainId(written) ? written : undefined;
  const { ids } = launcher;
  if (id === undefined || ids === 'none' || spec.resume === 'never') return { begin: 'new' };
  const lastWord = (await lastWordOf(colony, action, id, history)) ?? remembered(colony, id);
  if (lastWord?.is === 'taken') takenOf(colony).add(id);
  const transcript = await transcriptOf(launcher, id, place);
  // Last, because a moment ago it may have been otherwise.
  const other = whoIsIn(colony, id, agent);
  const foreign = foreignTo(spec.kind, history.applied?.kind);
  return choose({ ids, resume: spec.resume, id, foreign, other, lastWord, transcript });
}

async function transcriptOf({ transcript, said }: Launcher, id: ConversationId, place: Place): Promise<Transcript> {
  return transcript ? lookFor(transcript(id, place), said) : 'unknown';
}

/**
 * Another agent whose program is in a conversation, or is about to be: of two that are being started at once, the first
 * by name gets it.
 */
function whoIsIn({ journal, operations }: Colony, id: ConversationId, agent: AgentName): AgentName | undefined {
  const others = [...journal.ledger.agents].filter(([name, each]) => name !== agent && each.conversation?.id === id);
  return others.find(
    ([name, history]) => hasLiveRun(history) || (operations.get(name)?.kind === 'starting' && name < agent),
  )?.[0];
}

/**
 * Ids of which a program has said that it has a conversation already, where colony cannot see it: the user's command
 * may keep conversations in another place. A new supervisor learns it by one more start that fails.
 */
const taken = new WeakMap<Colony, Set<ConversationId>>();

function takenOf(colony: Colony): Set<ConversationId> {
  const ids = taken.get(colony) ?? new Set();
  taken.set(colony, ids);
  return ids;
}

function remembered(colony: Colony, id: ConversationId): { readonly is: 'taken'; readonly text: string } | undefined {
  return taken.get(colony)?.has(id) ? { is: 'taken', text: '' } : undefined;
}
