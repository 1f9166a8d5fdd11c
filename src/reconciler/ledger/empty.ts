import type { Health, History, Ledger } from '../types.ts';

export const emptyLedger: Ledger = {
  seq: 0,
  at: 0,
  offsets: [],
  server: undefined,
  lastStart: undefined,
  circuit: { state: 'closed', since: 0, agents: 0 },
  agents: new Map(),
};

/** What the probes of a run have published before they said anything. */
export const noHealth: Health = { startup: undefined, readiness: undefined, liveness: undefined };

/** What is known of an agent that was never heard of. */
export const noHistory: History = {
  generation: 0,
  run: undefined,
  started: undefined,
  applied: undefined,
  ending: undefined,
  failures: [],
  attempt: 0,
  looping: false,
  lastExit: undefined,
  unanswered: false,
  hold: undefined,
  health: noHealth,
  deferred: {},
  alerts: {},
  marks: {},
  veto: undefined,
  replace: undefined,
  hurry: false,
  conversation: undefined,
  conversations: [],
  attention: undefined,
  typings: {},
  restarts: 0,
  changed: 0,
  reason: undefined,
};
