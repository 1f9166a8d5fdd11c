import type { Entry, History, Ledger } from '../types.ts';
import { attentionOver, noticed } from './attention.ts';
import { circuitAfter, isOfCircuit } from './circuit.ts';
import { clockStepped } from './clock.ts';
import { cleared, entered, refused } from './conversation.ts';
import { noHistory } from './empty.ts';
import { exited, lastLines, stopping } from './end.ts';
import type { AgentEntry, Change } from './entry.ts';
import { crashLooping } from './failures.ts';
import { nudged, published } from './health.ts';
import { held, released, restartRequested } from './holds.ts';
import { alert, alertOver, deferralOver, deferred, scheduled, sent, undelivered } from './policies.ts';
import { adopted, started, updated } from './start.ts';
import { afterServerLoss, removed } from './unseen.ts';
import { hookFailed } from './veto.ts';

/**
 * Fold one entry of the journal into what is known.
 *
 * Pure, and the only way the ledger ever changes: a ledger is worth exactly as much as its journal.
 */
export function record(ledger: Ledger, entry: Entry): Ledger {
  const next = { ...ledger, seq: entry.seq, at: entry.at };
  if (isOfCircuit(entry)) return { ...next, circuit: circuitAfter(ledger.circuit, entry) };
  if ('agent' in entry) return recordAgent(next, entry);
  if (entry.type === 'clock_stepped') return clockStepped(next, entry);
  if (entry.type === 'server_started') return { ...next, server: entry.server };
  if (entry.type === 'server_lost') return { ...next, server: undefined, agents: afterServerLoss(ledger, entry) };
  return next;
}

function recordAgent(ledger: Ledger, entry: AgentEntry): Ledger {
  const before = ledger.agents.get(entry.agent) ?? noHistory;
  const agents = new Map(ledger.agents);
  // A journal written by a newer colony may hold types that are not known here.
  const known = Object.hasOwn(CHANGES, entry.type);
  const change = CHANGES[entry.type] as (history: History, entry: AgentEntry) => History | undefined;
  const after = known ? change(before, entry) : undefined;
  if (after) agents.set(entry.agent, { ...after, changed: entry.at });
  const lastStart = entry.type === 'started' ? entry.at : ledger.lastStart;
  return { ...ledger, lastStart, agents };
}

/** What each type of entry changes; of those that change nothing, too, so that none is forgotten. */
const CHANGES: { readonly [T in AgentEntry['type']]: Change<T> } = {
  started,
  adopted,
  updated,
  stopping,
  exited,
  last_lines: lastLines,
  removed,
  crash_looping: crashLooping,
  held,
  released,
  restart_requested: restartRequested,
  hook_failed: hookFailed,
  health: published,
  nudged,
  deferred,
  deferral_over: deferralOver,
  alert,
  alert_over: alertOver,
  scheduled,
  sent,
  undelivered,
  conversation: entered,
  conversation_refused: refused,
  conversation_cleared: cleared,
  attention: noticed,
  attention_over: attentionOver,
  failed: () => undefined,
  killed_leftovers: () => undefined,
};
