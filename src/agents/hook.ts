import type { ConversationId, Millis } from '../reconciler/types.ts';
import { asFields, idIn, lineIn, readObject, textIn } from './json.ts';

/** What an agent has told by one of its hooks: no more of it than is needed. */
export type Hook = {
  readonly event: string;
  /** A sub-agent's: it says nothing of the agent itself. */
  readonly inner: boolean;
  /** The conversation it is about. */
  readonly session: ConversationId | undefined;
  /** Why the conversation begins, or who has given a prompt. */
  readonly source: string | undefined;
  /** Why the turn has failed. */
  readonly error: string | undefined;
  /** What kind of notification it is. */
  readonly notification: string | undefined;
  /** Whether a person asked for it, or it came by itself. */
  readonly trigger: string | undefined;
  readonly reason: string | undefined;
  /** Which tool asks for a permission. */
  readonly tool: string | undefined;
  /** Sub-agents that are still at work. */
  readonly agents: number;
  /** The last answer of the turn. */
  readonly answer: string | undefined;
};

/** Characters of an answer that are kept: more than a mark at its end is long. */
export const ANSWER_LIMIT = 8_000;

const WORD_LIMIT = 100;

/** A message of a hook; undefined: it is none. Of one that was cut off counts what stands there. Never throws. */
export function readHook(event: string, message: string): Hook | undefined {
  const said = readObject(message);
  if (!said) return undefined;
  const word = (value: unknown) => lineIn(value, WORD_LIMIT);
  return {
    event,
    inner: said.agent_id !== undefined,
    session: idIn(said.session_id),
    source: word(said.source),
    error: word(said.error),
    notification: word(said.notification_type),
    trigger: word(said.trigger),
    reason: word(said.reason),
    tool: word(said.tool_name),
    agents: agentsIn(said.background_tasks),
    answer: endOf(said.last_assistant_message),
  };
}

/** A command that was left running in the background is none of them: it may be a server that never ends. */
function agentsIn(tasks: unknown): number {
  if (!Array.isArray(tasks)) return 0;
  const running = tasks
    .slice(0, 1_000)
    .map(asFields)
    .filter((task) => task?.status === 'running');
  return running.filter((task) => task?.type !== 'shell').length;
}

/** What an answer comes to stands at its end. */
function endOf(answer: unknown): string | undefined {
  return typeof answer === 'string' ? textIn(answer.slice(-ANSWER_LIMIT), ANSWER_LIMIT) : undefined;
}

/** Something that was said, and when. */
export type At<T> = T & { readonly at: Millis };

/** Of each event the last message. */
export type Hooks = Readonly<Record<string, At<Hook>>>;

/** The last one of several events; undefined: none of them has come. */
export function latestOf(hooks: Hooks, events: readonly string[]): At<Hook> | undefined {
  const known = events.flatMap((event) => hooks[event] ?? []);
  // Of two that came at one instant the one named later counts.
  return known.reduce<At<Hook> | undefined>((last, hook) => (last && last.at > hook.at ? last : hook), undefined);
}
