import type { ServerResponse } from 'node:http';
import { matches } from '../../config/glob.ts';
import type { AgentsRequest } from '../../control/protocol.ts';
import { EXIT } from '../../control/protocol.ts';
import { noHistory } from '../../reconciler/ledger.ts';
import type { AgentName, Event, History, Reason, Session } from '../../reconciler/types.ts';
import { announce, type Colony } from '../colony.ts';
import { noSuchAgent } from '../configuration.ts';
import { type Context, messages, Refused } from './context.ts';
import { follow } from './follow.ts';
import { keptOf } from './kept.ts';

const REASON: Reason = { code: 'user_requested' };

type Verb = 'start' | 'stop' | 'restart';

type Subject = {
  readonly agent: AgentName;
  readonly enabled: boolean;
  readonly session: Session | undefined;
  readonly history: History;
};

/** What is written down for one agent; the loop then does the rest. */
const INTENTS: Readonly<Record<Verb, (subject: Subject, now: { readonly now?: true }) => readonly Event[]>> = {
  start: (subject) => release(subject),
  stop: ({ agent }, now) => [{ type: 'held', agent, reason: REASON, fingerprint: undefined, ...now }],
  restart: (subject, now) => {
    const { agent, session, history } = subject;
    // An agent that does not run has nothing to be replaced; wanting a new run of it is wanting it started.
    if (session?.main.state !== 'alive' || session.run === undefined) return release(subject);
    const requested = { type: 'restart_requested', agent, run: session.run, ...now } as const;
    // One that is just being stopped would stay so.
    return history.hold ? [...release(subject), requested] : [requested];
  },
};

/** Nothing is said to be released that runs, or must not run, and is bound by nothing. */
function release({ agent, enabled, session, history }: Subject): readonly Event[] {
  const { hold, failures, attempt, looping, unanswered, veto } = history;
  const bound = hold || veto || looping || unanswered || attempt > 0 || failures.length > 0;
  if (!bound && (!enabled || session?.main.state === 'alive')) return [];
  return [{ type: 'released', agent, reason: REASON }];
}

/**
 * A conversation is left before the life that is in it, so that nobody starts another one in between. One that goes on
 * being talked in is not left.
 */
function intentsOf(verb: Verb, subject: Subject, { now, fresh }: AgentsRequest): readonly Event[] {
  const { agent, session, history } = subject;
  const intents = INTENTS[verb](subject, now ? { now: true } : {});
  const begins = verb === 'restart' || (verb === 'start' && session?.main.state !== 'alive');
  if (!fresh || !begins || !history.conversation) return intents;
  return [{ type: 'conversation_cleared', agent, reason: REASON }, ...intents];
}

/** Start, stop or restart agents because a person says so. A stop sticks until a start, also over a reboot. */
export async function agents(
  context: Context,
  verb: Verb,
  request: AgentsRequest,
  response: ServerResponse,
): Promise<void> {
  const { colony, loop } = context;
  await loop.look();
  const chosen = choose(colony, request);
  const say = messages(response);
  const concerns = (agent: AgentName) => chosen.includes(agent);
  const following =
    request.wait_ms > 0
      ? follow(context, say, { changing: true, within: request.wait_ms, concerns }, response)
      : undefined;
  const { observed, desired } = colony;
  for (const agent of chosen) {
    const session = observed.known ? observed.sessions.get(agent)?.[0] : undefined;
    const history = colony.journal.ledger.agents.get(agent) ?? noHistory;
    const enabled = desired?.agents.get(agent)?.enabled ?? false;
    for (const event of intentsOf(verb, { agent, enabled, session, history }, request)) announce(colony, event);
  }
  loop.wake();
  await following;
  if (verb !== 'stop') for (const kept of keptOf(colony, chosen, request)) say(kept);
  response.end();
}

/** The agents of the file that a request means; throws Refused if there are none. */
export function choose(
  { desired }: Pick<Colony, 'desired'>,
  { targets, labels }: Pick<AgentsRequest, 'targets' | 'labels'>,
): readonly AgentName[] {
  const specs = [...(desired?.agents.values() ?? [])];
  const names = specs.map(({ name }) => name);
  const missing = targets.find((target) => !names.some((name) => matches(target, name)));
  if (missing !== undefined) throw new Refused(noSuchAgent(missing, names));
  const chosen = specs.filter(
    (spec) =>
      (targets.length === 0 || targets.some((target) => matches(target, spec.name))) &&
      labels.every((label) => `${label.split('=', 1)}=${spec.labels[label.split('=', 1)[0] ?? '']}` === label),
  );
  if (chosen.length > 0 && targets.length + labels.length > 0) return chosen.map(({ name }) => name);
  const text = targets.length + labels.length > 0 ? `no agent has the labels ${labels.join(', ')}` : 'name an agent';
  throw new Refused({ code: 'no_such_agent', exit: EXIT.noSuchAgent, text });
}
