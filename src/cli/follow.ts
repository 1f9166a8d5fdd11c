import { addressed, type CallFailure, stream } from '../control/client.ts';
import type { Message, Problem } from '../control/protocol.ts';
import type { Colony } from './colony.ts';
import { oneLine } from './render/width.ts';
import { print, remark } from './terminal.ts';

type Settled = Extract<Message, { type: 'settled' }>;
export type Kept = Extract<Message, { type: 'kept' }>;

/** Whoever is told what is not simply printed. */
export type Listeners = {
  readonly plan?: (plan: Extract<Message, { type: 'plan' }>['plan']) => void;
  readonly kept?: (kept: Kept) => void;
};

/** How a request that takes its time came out. */
export type Outcome =
  | { readonly kind: 'settled'; readonly settled: Settled }
  /** The stream ended as it should, and nobody had asked to wait for more. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly failure: CallFailure };

/** Send a request and tell what happens while it is carried out, at most `until` then. */
export async function follow(
  colony: Colony,
  path: string,
  body: unknown,
  { plan, kept }: Listeners,
  until?: AbortSignal,
): Promise<Outcome> {
  let last: Outcome | undefined;
  const hear = (message: Message) => {
    if (message.type === 'plan') plan?.(message.plan);
    else if (message.type === 'kept') kept?.(message);
    else if (message.type === 'event') print(eventText(message));
    else if (message.type === 'warning') remark(`colony: ${oneLine(message.text)}`);
    else if (message.type === 'settled') last = { kind: 'settled', settled: message };
    else if (message.type === 'problem') last = { kind: 'refused', problem: message.problem };
  };
  const ended = await stream(colony.socket, addressed(path, colony.path), body, hear, { until });
  // A supervisor that ends itself may cut the line after its last word.
  if (last) return last;
  if (ended.ok) return { kind: 'ended' };
  const { error } = ended;
  return error.kind === 'problem' ? { kind: 'refused', problem: error.problem } : { kind: 'failed', failure: error };
}

/** An event as a line for people. */
export function eventText({ agent, text }: Extract<Message, { type: 'event' }>): string {
  return agent === undefined ? oneLine(text) : `${agent}: ${oneLine(text)}`;
}
