import { presentAhead, steadyReset, withOffset } from '../offsets.ts';
import type { History, Ledger, Millis } from '../types.ts';
import type { Of } from './entry.ts';

/** The machine has slept, or its clock was set. What is to come by that clock now comes sooner by the colony's, or later. */
export function clockStepped(ledger: Ledger, entry: Of<'clock_stepped'>): Ledger {
  const by = steadyReset(0, entry.ahead) - steadyReset(0, presentAhead(ledger.offsets));
  return {
    ...ledger,
    offsets: withOffset(ledger.offsets, entry),
    agents: new Map([...ledger.agents].map(([agent, history]) => [agent, withReset(history, by)])),
  };
}

/** A usage limit is reset by the clock of the machine. */
function withReset(history: History, by: Millis): History {
  const { attention } = history;
  if (attention?.until === undefined) return history;
  return { ...history, attention: { ...attention, until: attention.until + by } };
}
