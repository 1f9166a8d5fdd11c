import { inConversation, typedBy, withoutConversation } from './conversing.ts';
import { isFailure, stopsWhatRuns } from './ending.ts';
import type {
  AgentName,
  Alert,
  Circuit,
  CircuitEvent,
  Entry,
  Health,
  History,
  Hold,
  LastExit,
  Ledger,
  Millis,
  Reason,
  RunId,
} from './types.ts';

/** More than any crash loop counts: `crash_loop.restarts` is at most 100. Older failures are forgotten. */
const FAILURES_KEPT = 200;

export const emptyLedger: Ledger = {
  seq: 0,
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

type Of<T extends Entry['type']> = Extract<Entry, { type: T }>;
type CircuitEntry = Extract<Entry, CircuitEvent>;
/** What a trial says of its agent is the circuit's story, and none of the agent's. */
type AgentEntry = Exclude<Extract<Entry, { agent: AgentName }>, CircuitEntry>;

/**
 * Fold one entry of the journal into what is known.
 *
 * Pure, and the only way the ledger ever changes: a ledger is worth exactly as much as its journal.
 */
export function record(ledger: Ledger, entry: Entry): Ledger {
  const next = { ...ledger, seq: entry.seq };
  if (isOfCircuit(entry)) return { ...next, circuit: circuitAfter(ledger.circuit, entry) };
  if ('agent' in entry) return recordAgent(next, entry);
  if (entry.type === 'server_started') return { ...next, server: entry.server };
  if (entry.type === 'server_lost') return { ...next, server: undefined, agents: afterServerLoss(ledger, entry) };
  return next;
}

function isOfCircuit(entry: Entry): entry is CircuitEntry {
  return entry.type === 'circuit_opened' || entry.type === 'circuit_trial' || entry.type === 'circuit_closed';
}

function circuitAfter(circuit: Circuit, entry: CircuitEntry): Circuit {
  const since = entry.at;
  if (entry.type === 'circuit_opened') return { state: 'open', since, agents: entry.agents.length };
  if (entry.type === 'circuit_closed') return { state: 'closed', since, agents: entry.agents };
  return { state: 'trial', since, agents: circuit.agents, agent: entry.agent, run: entry.run };
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

const CHANGES: {
  readonly [T in AgentEntry['type']]: (history: History, entry: Of<T>) => History | undefined;
} = {
  started: (history, entry) => ({
    ...history,
    generation: entry.generation,
    run: entry.run,
    started: entry.started,
    applied: entry.applied,
    ending: undefined,
    ...newLife,
    ...lasting(history),
    ...afterStart(history),
    replace: undefined,
    unanswered: false,
    // A new life because of other settings answers nothing.
    restarts: history.restarts + (history.unanswered && entry.reason.code !== 'config_changed' ? 1 : 0),
    reason: entry.reason,
  }),
  adopted: (history, entry) => ({
    ...history,
    generation: entry.generation,
    run: entry.run,
    started: entry.started,
    ending: undefined,
    ...newLife,
    ...lasting(history),
    ...afterStart(history),
    unanswered: false,
    // Whoever started it was ended before it could write that down.
    restarts: history.restarts + (history.unanswered ? 1 : 0),
    reason: { code: 'adopted' },
  }),
  updated: (history, entry) => ({ ...history, applied: entry.applied }),
  stopping: (history, entry) =>
    isOfDuplicate(entry)
      ? undefined
      : { ...history, ending: { run: entry.run, reason: entry.reason }, reason: entry.reason },
  exited,
  last_lines: ({ lastExit, ...history }, { run, tail }) =>
    lastExit?.run === run ? { ...history, lastExit: { ...lastExit, tail } } : undefined,
  removed,
  held: (history, entry) => ({
    ...history,
    hold: holdOf(entry),
    hurry: entry.now ?? false,
    reason: entry.reason,
  }),
  released: (history, entry) => ({
    ...history,
    hold: undefined,
    failures: [],
    attempt: 0,
    looping: false,
    unanswered: false,
    veto: undefined,
    hurry: false,
    reason: entry.reason,
  }),
  restart_requested: (history, entry) => ({ ...history, replace: entry.run, hurry: entry.now ?? false }),
  health: (history, entry) => ofRun(history, entry.run, { health: healthAfter(history.health, entry) }),
  nudged: (history, entry) => {
    const { liveness } = history.health;
    if (!liveness) return undefined;
    return ofRun(history, entry.run, { health: { ...history.health, liveness: { ...liveness, nudged: true } } });
  },
  deferred: (history, { run, what, reason, at }) =>
    ofRun(history, run, { deferred: { ...history.deferred, [what]: { reason, since: at } } }),
  deferral_over: (history, { what }) => {
    const { [what]: _, ...deferred } = history.deferred;
    return { ...history, deferred };
  },
  alert: (history, { policy, level, reason, once, at }) =>
    once ? undefined : { ...history, alerts: { ...history.alerts, [policy]: { level, reason, since: at } } },
  alert_over: (history, { policy }) => {
    const { [policy]: _, ...alerts } = history.alerts;
    return { ...history, alerts };
  },
  scheduled: (history, { schedule, due }) => ({ ...history, marks: { ...history.marks, [schedule]: due } }),
  sent: (history, entry) => ({ ...history, typings: typedBy(history, entry), alerts: saidOf(history, 'warn', entry) }),
  // It is not tried again until the policy was silent: what did not work at once would be tried without end.
  undelivered: (history, entry) => ({ ...history, alerts: saidOf(history, 'notify', entry) }),
  conversation: (history, entry) => changedBy(history, inConversation(history, entry)),
  conversation_refused: (history, { id }) => changedBy(history, withoutConversation(history, id)),
  conversation_cleared: (history) => changedBy(history, withoutConversation(history)),
  attention: (history, { run, state, for: what, until, at }) => {
    const more = { ...(what === undefined ? {} : { for: what }), ...(until === undefined ? {} : { until }) };
    const since = history.attention?.state === state ? history.attention.since : at;
    return ofRun(history, run, { attention: { state, ...more, since } });
  },
  attention_over: (history, { run }) => ofRun(history, run, { attention: undefined }),
  hook_failed: (history, entry) => (entry.veto ? vetoed(history, entry) : undefined),
  failed: () => undefined,
  killed_leftovers: () => undefined,
  crash_looping: (history) => ({ ...history, looping: true }),
};

function changedBy(history: History, change: Partial<History> | undefined): History | undefined {
  return change && { ...history, ...change };
}

/** What a policy has typed, or could not, stands with what it has to tell, until it is silent. */
function saidOf({ alerts }: History, level: Alert['level'], entry: Of<'sent' | 'undelivered'>): History['alerts'] {
  const { policy, reason, once, at } = entry;
  return once ? alerts : { ...alerts, [policy]: { level, reason, since: at } };
}

/** What belonged to the life before, and says nothing of the new one. */
const newLife = { health: noHealth, deferred: {}, veto: undefined } as const;

/** A usage limit is that of an account: it lasts over the end of a program, and its conversation waits for the reset. */
function lasting({ attention }: History): Pick<History, 'attention'> {
  return { attention: attention?.state === 'limited' ? attention : undefined };
}

/** A late report about an earlier life must not touch the present one; `run` undefined: a session that lost its label. */
function ofRun(history: History, run: RunId | undefined, change: Partial<History>): History | undefined {
  return run === undefined || run === history.run ? { ...history, ...change } : undefined;
}

function holdOf({ reason, at, fingerprint, stops }: Of<'held'>): Hold {
  return { reason, since: at, fingerprint, ...(stops ? { stops } : {}) };
}

/** A probe that fails again after keys were pressed says that they did not help: then only a restart is left. */
function healthAfter(health: Health, { role, is, probe, text, on_failure: answer, at }: Of<'health'>): Health {
  const before = health[role];
  const again = is === 'unhealthy' && before?.is === 'unhealthy';
  const since = before?.is === is ? before.since : at;
  const nudged = again && before.nudged;
  const everHealthy = is === 'healthy' || before?.everHealthy === true;
  return {
    ...health,
    [role]: { is, since, probe, text, on_failure: nudged ? 'restart' : answer, nudged, everHealthy },
  };
}

/** A start that was vetoed has failed; a stop that was vetoed has only to be tried again. */
function vetoed(history: History, { hook, why, run, at }: Of<'hook_failed'>): History {
  const times = history.veto?.hook === hook ? history.veto.times + 1 : 1;
  const veto = { hook, why, at, times, run };
  const reason: Reason = { code: 'hook_failed', hook, why };
  if (run !== undefined) return { ...history, veto };
  return { ...history, veto, reason, failures: [...history.failures, at].slice(-FAILURES_KEPT) };
}

/** A person who stops an agent in the moment in which it is being started wants it stopped all the same. */
function afterStart({ hold, hurry }: History): Pick<History, 'hold' | 'hurry'> {
  return hold && stopsWhatRuns(hold) ? { hold, hurry } : { hold: undefined, hurry: false };
}

/** What happens to a second session with the same labels is not the agent's own story, even if the run is the same. */
function isOfDuplicate(entry: Of<'stopping' | 'removed'>): boolean {
  return entry.reason.code === 'duplicate';
}

function exited(history: History, entry: Of<'exited'>): History | undefined {
  // A late report about an earlier life must not touch the present one, nor a second one make a planned end a failure.
  if (entry.run !== history.run || !hasLiveRun(history)) return undefined;
  const asked = history.ending?.run === entry.run ? history.ending?.reason : undefined;
  const cause = asked && isFailure(asked) ? asked : undefined;
  const unplanned = !asked || cause !== undefined;
  const lastExit: LastExit = {
    ...entry.exit,
    run: entry.run,
    generation: entry.generation,
    at: entry.ended,
    uptime: entry.uptime,
    oom: entry.oom,
    unplanned,
    cause,
    fingerprint: history.applied?.fingerprint,
    tail: [],
  };
  const reason = asked ?? entry.reason;
  const over = { ending: undefined, deferred: {}, veto: undefined, ...lasting(history) };
  if (!unplanned) return { ...history, ...over, lastExit, unanswered: false, reason };
  return {
    ...history,
    ...over,
    lastExit,
    unanswered: true,
    attempt: entry.healthy ? 1 : history.attempt + 1,
    looping: history.looping && !entry.healthy,
    failures: [...history.failures, entry.ended].slice(-FAILURES_KEPT),
    reason,
  };
}

/** With the session goes the last place where the end of its process could have been read. */
function removed(history: History, entry: Of<'removed'>): History | undefined {
  const { reason } = entry;
  if (isOfDuplicate(entry) || entry.run !== history.run) return undefined;
  return {
    ...(hasLiveRun(history) ? endedUnseen(history, entry.at) : history),
    ending: undefined,
    unanswered: false,
    reason,
  };
}

/** The death of the tmux server is nobody's failure: every agent that ran has ended, and none has crashed. */
function afterServerLoss(ledger: Ledger, entry: Of<'server_lost'>): Ledger['agents'] {
  return new Map([...ledger.agents].map(([agent, history]) => [agent, lost(history, entry)]));
}

function lost(history: History, entry: Of<'server_lost'>): History {
  if (!hasLiveRun(history)) return history;
  const reason = history.ending?.reason ?? lossReason(entry);
  return { ...endedUnseen(history, entry.at), changed: entry.at, reason };
}

/** Why every agent has ended at once. */
export function lossReason({ rebooted }: Pick<Of<'server_lost'>, 'rebooted'>): Reason {
  return { code: rebooted ? 'rebooted' : 'tmux_server_lost' };
}

/** The run is over, it was nobody's failure, and nobody can say how the process ended. */
function endedUnseen(history: History, at: Millis): History {
  const lastExit: LastExit = {
    code: undefined,
    signal: undefined,
    run: history.run,
    generation: history.generation,
    at,
    uptime: history.started === undefined ? undefined : Math.max(0, at - history.started),
    oom: false,
    unplanned: false,
    fingerprint: history.applied?.fingerprint,
    tail: [],
  };
  return { ...history, lastExit, ending: undefined, unanswered: false };
}

/** Whether the ledger believes that a process of this agent runs: one was started and its end is not recorded. */
export function hasLiveRun(history: History): boolean {
  return history.run !== undefined && history.lastExit?.run !== history.run;
}
