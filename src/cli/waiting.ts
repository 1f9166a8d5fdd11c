import { setTimeout as pause } from 'node:timers/promises';
import { addressed, stream } from '../control/client.ts';
import { EXIT, type Message, type WaitRequest } from '../control/protocol.ts';
import type { Millis, Result } from '../reconciler/types.ts';
import { askOffline, whyNot } from './ask.ts';
import type { Colony } from './colony.ts';
import { type Failure, failureOf } from './failure.ts';

export type Waited = Extract<Message, { type: 'waited' }>;
type Event = Extract<Message, { type: 'event' }>;

/** A supervisor answers when the time is over; how much later its answer may come. */
const SLACK: Millis = 5_000;
/** How often a supervisor that went away is looked for. */
const AGAIN: Millis = 200;
/** The longest that a timer of Node takes, 24 days; nobody means a longer time. */
const LONGEST: Millis = 2 ** 31 - 1 - SLACK;

/**
 * Wait until the agents are as wanted, one of them cannot become so any more, or the time is over.
 *
 * A supervisor that goes away in the meantime is waited for as well: another one may take its place. One that was never
 * there is not.
 */
export async function waitForAgents(
  colony: Colony,
  request: WaitRequest,
  onEvent: (event: Event) => void,
): Promise<Result<Waited, Failure>> {
  const deadline = performance.now() + Math.min(request.wait_ms, LONGEST);
  for (let met = false; ; ) {
    const left = Math.max(0, Math.round(deadline - performance.now()));
    const asked = await askLive(colony, { ...request, wait_ms: left }, onEvent);
    if (asked.kind === 'answered') return asked.answer;
    met ||= asked.kind === 'left';
    const over = left === 0;
    const alone = asked.kind === 'absent' || over ? await lookAlone(colony, request, { met, over }) : undefined;
    if (alone) return alone;
    await pause(Math.min(AGAIN, left));
  }
}

/** How it is without a supervisor; undefined: go on waiting for the next one. */
async function lookAlone(
  colony: Colony,
  request: WaitRequest,
  { met, over }: { readonly met: boolean; readonly over: boolean },
): Promise<Result<Waited, Failure> | undefined> {
  const alone = await askOffline<Waited>(colony, { kind: 'wait', request });
  if (!alone.ok) return alone;
  const { value: seen } = alone.value;
  if (seen.outcome !== 'timed_out' || (met && over)) return { ok: true, value: seen };
  return met ? undefined : { ok: false, error: nobodyThere(colony, seen) };
}

type Asked =
  | { readonly kind: 'answered'; readonly answer: Result<Waited, Failure> }
  /** It was there, and went away before it answered. */
  | { readonly kind: 'left' }
  | { readonly kind: 'absent' };

async function askLive(colony: Colony, request: WaitRequest, onEvent: (event: Event) => void): Promise<Asked> {
  let last: Asked | undefined;
  const hear = (message: Message) => {
    if (message.type === 'event') onEvent(message);
    else if (message.type === 'waited') last = answered({ ok: true, value: message });
    else if (message.type === 'problem') last = answered({ ok: false, error: failureOf(message.problem) });
  };
  const until = AbortSignal.timeout(request.wait_ms + SLACK);
  const ended = await stream(colony.socket, addressed('/v1/wait', colony.path), request, hear, { until });
  if (last) return last;
  if (ended.ok || ended.error.kind === 'broken') return { kind: 'left' };
  if (ended.error.kind === 'absent') return { kind: 'absent' };
  return answered({ ok: false, error: await whyNot(colony, ended.error) });
}

function answered(answer: Result<Waited, Failure>): Asked {
  return { kind: 'answered', answer };
}

function nobodyThere({ name }: Colony, { why }: Waited): Failure {
  const agents = why.map(({ agent }) => agent).join(', ');
  return {
    exit: EXIT.unavailable,
    text: `no supervisor runs for ${name}${agents === '' ? '' : `, so nothing will change for ${agents}`}`,
    hint: 'colony apply starts it',
  };
}
