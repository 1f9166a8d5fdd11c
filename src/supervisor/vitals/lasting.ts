import type { Sign } from '../../agents/reading.ts';
import { noHistory } from '../../reconciler/ledger.ts';
import { isFromBefore } from '../../reconciler/telling.ts';
import type { AgentName, Ledger, Millis } from '../../reconciler/types.ts';

/**
 * What was written down of an earlier life of an agent, and holds for this one: a usage limit that was reached. Its
 * program does not know of that any more when it has been started anew, and only waits for what it is told.
 */
export function lastingSigns(ledger: Ledger, agent: AgentName, prompted: Millis | undefined): readonly Sign[] {
  const { attention, started } = ledger.agents.get(agent) ?? noHistory;
  if (!attention || !isFromBefore(attention, started) || (prompted ?? 0) >= (started ?? 0)) return [];
  const { since, until } = attention;
  const text = 'its usage limit was reached before it was started anew';
  return [{ state: 'limited', ...(until === undefined ? {} : { until }), source: 'journal', at: since, since, text }];
}
