import type { ServerResponse } from 'node:http';
import { type Awaited, EXIT, type Message, type StatusReport, type WaitRequest } from '../../control/protocol.ts';
import type { AgentName, Millis } from '../../reconciler/types.ts';
import { type Candidate, type Judgement, judge } from '../awaited.ts';
import type { Colony } from '../colony.ts';
import { LONGEST_TIMER } from '../timer.ts';
import { watchVitals } from '../vitals/sync.ts';
import { choose } from './agents.ts';
import { type Context, messages, Refused } from './context.ts';
import { eventMessage } from './follow.ts';
import { PROOF_OF_LIFE, viewsOf } from './settled.ts';
import { status } from './status.ts';

type Waited = Extract<Message, { type: 'waited' }>;

/** Which agents somebody waits for, and what they are to be. `names` undefined: all that are meant to run. */
export type Asked = { readonly names: readonly AgentName[] | undefined; readonly what: Awaited };

/** Answer as soon as all agents are as somebody wants them, or one of them cannot become so any more. */
export async function wait(context: Context, request: WaitRequest, response: ServerResponse): Promise<void> {
  const { colony, loop } = context;
  await loop.look();
  const asked = askedFor(colony, request);
  const leave = asked.what === 'idle' ? watchVitals(colony, loop.wake) : undefined;
  try {
    await settled(context, asked, request.wait_ms, messages(response), response);
  } finally {
    leave?.();
  }
  response.end();
}

/** Throws Refused if no such agent exists. */
export function askedFor(colony: Colony, { targets, labels, for: what }: WaitRequest): Asked {
  return { names: targets.length + labels.length > 0 ? choose(colony, { targets, labels }) : undefined, what };
}

/** Throws Refused if one look, by who has seen nothing before, cannot tell whether it is so. */
export function refuseUnknowable(colony: Colony, { names, what }: Asked): void {
  const silent = what === 'idle' ? candidatesOf(colony, what).filter(({ activity }) => activity.source === null) : [];
  const blind = silent.map(({ view }) => view.agent).filter((agent) => names?.includes(agent) ?? true);
  if (blind.length === 0) return;
  const text = `nothing can tell whether ${blind.join(', ')} ${blind.length === 1 ? 'is' : 'are'} idle: no supervisor runs that has watched`;
  throw new Refused({ code: 'unknowable', exit: EXIT.failed, text });
}

function settled(
  { colony, onRest }: Context,
  asked: Asked,
  within: Millis,
  say: (message: Message) => void,
  response: ServerResponse,
): Promise<void> {
  return new Promise((resolve) => {
    const unlisten = colony.journal.listen((entry) => {
      if ('agent' in entry && (asked.names?.includes(entry.agent) ?? true)) say(eventMessage(colony, entry));
    });
    const offRest = onRest(() => check());
    const deadline = setTimeout(
      () => finish('timed_out', judgement(colony, asked).why),
      Math.min(within, LONGEST_TIMER),
    );
    let proof: NodeJS.Timeout | undefined;

    function leave(): void {
      unlisten();
      offRest();
      clearTimeout(deadline);
      clearTimeout(proof);
      resolve();
    }
    function finish(outcome: Waited['outcome'], why: Judgement['why']): void {
      say(answerOf(asked, outcome, why, status(colony)));
      leave();
    }
    function check(): void {
      clearTimeout(proof);
      const seen = look(colony, asked, within);
      if ('outcome' in seen) finish(seen.outcome, seen.why);
      else if (seen.again !== undefined) proof = setTimeout(check, seen.again);
    }
    response.on('close', leave);
    check();
  });
}

/** How it came out, or when to look again even if nothing happens. */
function look(
  colony: Colony,
  asked: Asked,
  within: Millis,
): Pick<Waited, 'outcome' | 'why'> | { readonly again: Millis | undefined } {
  const { is, why } = judgement(colony, asked);
  if (within > 0 && is === 'not_yet') return { again: undefined };
  const again = within > 0 && is === 'so' ? unproven(colony, asked) : 0;
  return again > 0 ? { again } : { outcome: OUTCOMES[is], why };
}

/** What a look that is not repeated comes to. */
export const OUTCOMES = { so: 'reached', never: 'impossible', not_yet: 'timed_out' } as const;

/** The last word to who waits: how the agents are that were waited for. */
export function answerOf(
  { names }: Asked,
  outcome: Waited['outcome'],
  why: Judgement['why'],
  report: StatusReport,
): Waited {
  const agents = report.agents.filter(({ name }) => names?.includes(name) ?? true);
  return { type: 'waited', outcome, why, status: { ...report, agents } };
}

/** Before a first configuration is accepted nothing is so. */
function judgement(colony: Colony, { names, what }: Asked): Judgement {
  return colony.desired ? judge(candidatesOf(colony, what), names, what) : { is: 'not_yet', why: [] };
}

/** All agents as they are judged. */
export function candidatesOf(colony: Colony, what: Awaited): readonly Candidate[] {
  const reported = what === 'idle' ? status(colony).agents : [];
  const activities = new Map(reported.map(({ name, activity }) => [name, activity]));
  return viewsOf(colony).map((view) => ({ view, activity: activities.get(view.agent) ?? UNHEARD }));
}

const UNHEARD = { state: 'unknown', source: null, age_ms: null } as const;

/** How long until the youngest program has lived long enough to be believed that it is ready; at most 0: all have. */
function unproven(colony: Colony, { names, what }: Asked): Millis {
  if (what !== 'ready') return 0;
  const ours = viewsOf(colony).filter(({ agent, phase }) => phase === 'ready' && (names?.includes(agent) ?? true));
  const youngest = Math.max(0, ...ours.map(({ session }) => session?.started ?? 0));
  return youngest + PROOF_OF_LIFE - colony.clock();
}
