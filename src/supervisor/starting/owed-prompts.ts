import { isPlainId } from '../../agents/choice.ts';
import { wordsOf } from '../../agents/command.ts';
import { LAUNCHERS } from '../../agents/launching.ts';
import { isAdopted } from '../../processes/adopted.ts';
import { hasLiveRun } from '../../reconciler/ledger.ts';
import type { AgentSpec, ConversationId, History } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';
import { promptLater } from '../typing/prompt.ts';
import { placeOf } from './prepare.ts';
import { transcriptOf } from './transcript.ts';

/**
 * Have those first tasks typed that the supervisor before this one did not come to, because it was ended while a program
 * was starting, or while a dialog was open there: of conversations in which nothing was said yet.
 */
export async function typeOwedPrompts(colony: Colony): Promise<void> {
  const { desired, journal } = colony;
  for (const spec of desired?.agents.values() ?? []) {
    const history = journal.ledger.agents.get(spec.name);
    const id = history && untouched(spec, history);
    if (spec.prompt === undefined || id === undefined || !isTyped(spec)) continue;
    const left = await transcriptOf(LAUNCHERS[spec.kind], id, placeOf(colony, spec));
    if (left === 'missing' || left === 'empty') promptLater(colony, spec.name, spec.prompt);
  }
}

/** The conversation of a life that colony has started, if it has an id. */
function untouched({ resume }: AgentSpec, history: History): ConversationId | undefined {
  const { conversation, run } = history;
  if (resume === 'never' || !conversation || !hasLiveRun(history) || run === undefined || isAdopted(run))
    return undefined;
  return isPlainId(conversation.id) ? conversation.id : undefined;
}

/** Whether the program could not be given it on its command line. */
function isTyped({ kind, name, command, prompt }: AgentSpec): boolean {
  const order = { agent: name, prompt, settings: undefined, folder: '', life: '' };
  const words = wordsOf(command).map(({ text }) => text);
  return LAUNCHERS[kind].launch({ ...order, words, start: { do: 'new', id: undefined } }).promptIsTyped;
}
