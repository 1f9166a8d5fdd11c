import type { ServerResponse } from 'node:http';
import { notAKey } from '../../agents/keys.ts';
import { EXIT, type Message, type SendRequest } from '../../control/protocol.ts';
import { formatSpan } from '../../reconciler/span.ts';
import type { Letter, Millis } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';
import { noSuchAgent } from '../configuration.ts';
import { LONGEST_TIMER } from '../timer.ts';
import { type Hindrance, hindranceOf } from '../typing/hindrance.ts';
import { type Ended, MOST_LETTERS } from '../typing/postbox.ts';
import { type Context, messages, Refused } from './context.ts';

type Say = (message: Message) => void;

/** A program that was just started is known within this time, or nobody will ever tell what it does. */
const PATIENCE: Millis = 5_000;

/**
 * Type something into an agent: take it in as a letter, and tell what becomes of it. Whoever hangs up before it is being
 * typed takes it back. The text goes nowhere else.
 */
export async function send(context: Context, request: SendRequest, response: ServerResponse): Promise<void> {
  const { colony, loop } = context;
  await loop.look();
  const { agent, what, when, force } = checked(colony, request);
  const say = messages(response);
  const key = 'keys' in what ? notAKey(what.keys) : undefined;
  if (key !== undefined) {
    say({ type: 'sent', outcome: 'refused', text: `${agent}: no key was pressed: "${key}" is none` });
  } else {
    const letter: Letter = { id: colony.post.nextId(), what, when, force, since: colony.clock() };
    await answered(context, { agent, letter, within: request.wait_ms }, say, response);
  }
  response.end();
}

/** Throws Refused where there is no such agent, or the request is none of ours. */
function checked({ desired }: Colony, request: SendRequest): SendRequest {
  const names = [...(desired?.agents.keys() ?? [])];
  const { agent, what } = request;
  if (!names.includes(agent)) throw new Refused(noSuchAgent(agent, names));
  const sound = 'keys' in what ? what.keys.length > 0 && what.keys.every(isText) : isText(what.text);
  if (sound && (request.when === 'now' || request.when === 'idle') && request.wait_ms > 0) return request;
  throw new Refused({ code: 'bad_request', exit: EXIT.usage, text: 'this is not a request to type something' });
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

type Sending = { readonly agent: string; readonly letter: Letter; readonly within: Millis };

function answered(context: Context, sending: Sending, say: Say, response: ServerResponse): Promise<void> {
  const { colony, loop, onRest } = context;
  const { agent, letter, within } = sending;
  return new Promise((resolve) => {
    const told = new Set<Hindrance['code']>();
    const offRest = onRest(check);
    const patience = setTimeout(check, PATIENCE + 1);
    const deadline = setTimeout(() => takeBack(timedOut(colony, sending)), Math.min(within, LONGEST_TIMER));

    function finish(ended?: Ended): void {
      offRest();
      clearTimeout(patience);
      clearTimeout(deadline);
      if (ended) say({ type: 'sent', ...ended });
      resolve();
    }
    function takeBack(ended?: Ended): void {
      if (colony.post.withdraw(letter)) finish(ended);
    }
    function check(): void {
      const hindrance = hindranceNow(colony, sending);
      if (!hindrance) return;
      if (letter.when === 'now' || hindrance.code === 'gone') takeBack(refusal(hindrance));
      else if (!told.has(hindrance.code)) say({ type: 'queued', text: hindrance.text });
      told.add(hindrance.code);
    }
    response.on('close', () => takeBack());
    if (!colony.post.put({ agent, letter, ended: finish, wake: loop.wake })) {
      finish({ outcome: 'refused', text: `${agent}: nothing was typed: ${MOST_LETTERS} texts wait for it already` });
      return;
    }
    loop.wake();
  });
}

function hindranceNow(colony: Colony, { agent, letter }: Sending): Hindrance | undefined {
  if (colony.post.isBegun(letter)) return undefined;
  const hindrance = hindranceOf(colony, agent, letter);
  const tooEarly = hindrance?.code === 'strange' && colony.clock() - letter.since < PATIENCE;
  return tooEarly ? undefined : hindrance;
}

function refusal({ text, hint }: Hindrance): Ended {
  return { outcome: 'refused', text: `nothing was typed: ${text}${hint === undefined ? '' : `\n${hint}`}` };
}

function timedOut(colony: Colony, { agent, letter, within }: Sending): Ended {
  const why = hindranceOf(colony, agent, letter)?.text;
  const text = `nothing was sent to ${agent} within ${formatSpan(within)}${why === undefined ? '' : `: ${why}`}`;
  return { outcome: 'timed_out', text };
}
