import type { ServerResponse } from 'node:http';
import type { Message } from '../../control/protocol.ts';
import { describe } from '../../reconciler/describe.ts';
import { wallOf } from '../../reconciler/offsets.ts';
import type { Entry, Millis } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';
import { isWell } from '../status-report.ts';
import { LONGEST_TIMER } from '../timer.ts';
import type { Context } from './context.ts';
import { type Concern, isSettled, viewsOf } from './settled.ts';
import { status } from './status.ts';

export type Following = Concern & {
  /** Give up after this long. */
  readonly within: Millis;
};

/** Pass on what happens until nothing more is to be expected, or the time is over. */
export function follow(
  { colony, onRest }: Context,
  say: (message: Message) => void,
  following: Following,
  response: ServerResponse,
): Promise<void> {
  return new Promise((resolve) => {
    const unlisten = colony.journal.listen((entry) => say(eventMessage(colony, entry)));
    const offRest = onRest(() => check());
    const deadline = setTimeout(() => finish('timed_out'), Math.min(following.within, LONGEST_TIMER));
    let proof: NodeJS.Timeout | undefined;

    function leave(): void {
      unlisten();
      offRest();
      clearTimeout(deadline);
      clearTimeout(proof);
      resolve();
    }
    function finish(outcome: 'done' | 'unwell' | 'timed_out'): void {
      say({ type: 'settled', outcome, status: status(colony) });
      leave();
    }
    function check(): void {
      clearTimeout(proof);
      const { settled, again } = isSettled(colony, following);
      const ours = viewsOf(colony).filter(({ agent }) => following.concerns(agent));
      if (settled) finish(ours.every(isWell) ? 'done' : 'unwell');
      else if (again !== undefined) proof = setTimeout(check, again);
    }
    response.on('close', leave);
  });
}

/** An entry of the journal for who waits; its time is that of the machine's clock. */
export function eventMessage({ journal }: Colony, entry: Entry): Message {
  const { seq } = entry;
  const at = wallOf(journal.ledger.offsets, entry.at);
  const text = describe(entry);
  return 'agent' in entry ? { type: 'event', seq, at, agent: entry.agent, text } : { type: 'event', seq, at, text };
}
