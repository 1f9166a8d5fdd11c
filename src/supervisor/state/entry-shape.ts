import type { Entry, History } from '../../reconciler/types.ts';
import { amount, anything, count, fields, flag, listOf, maybe, oneOf, recordOf, type Shape, text } from './shape.ts';

const exit = fields({ code: maybe(amount), signal: maybe(amount) });
const identity = fields({ pid: count, start: text, boot: maybe(text) });

/** Those that say more than their code. */
const reason = oneOf('code', {
  exited: fields({ exit }),
  signaled: fields({ exit }),
  crash_loop: fields({ restarts: amount, window: amount }),
  config_changed: fields({ fields: listOf(text) }),
  dependency_not_ready: fields({ agents: listOf(text) }),
  command_not_found: fields({ program: maybe(text) }),
  command_not_executable: fields({ program: maybe(text) }),
  workdir_missing: fields({ path: text }),
  name_taken: fields({ session: text }),
  start_failed: fields({ why: text }),
  tmux_unreachable: fields({ why: text }),
  starting_up: fields({ role: text, text: maybe(text) }),
  startup_timeout: fields({ probe: text, text }),
  not_ready: fields({ probe: text, text }),
  liveness_failed: fields({ probe: text, text }),
  hung: fields({ text }),
  memory_limit: fields({ used: amount, limit: amount, for: amount }),
  memory_growth: fields({ grown: amount, within: amount }),
  cpu_busy: fields({ cpu: amount, above: amount, for: amount, silent: flag }),
  max_age: fields({ after: amount }),
  scheduled: fields({ cron: text, tz: text }),
  hook_failed: fields({ hook: text, why: text }),
  work_done: fields({ text }),
  context_full: fields({ context: amount, above: amount }),
  idle: fields({ for: amount, time: amount, times: amount }),
  limit_reset: fields({ until: maybe(amount) }),
  waiting: fields({ for: maybe(text), after: amount }),
  pattern_given_up: fields({ what: text, pattern: text }),
  memory_reserve: fields({ available: amount, reserve: amount }),
});

const step: Shape = (value) =>
  [{ keys: listOf(text) }, { wait: amount }, { signal: text }].some((s) => fields(s)(value));

const applied = fields({
  fingerprint: text,
  kind: maybe(text),
  settings: recordOf(text),
  stop: fields({ sequence: listOf(step), grace: amount }),
  depends_on: listOf(text),
});

/** What a probe is for; a role of a newer colony says nothing to this one. */
const role: Shape = (value) => value === 'startup' || value === 'readiness' || value === 'liveness';
const health: Shape = (value) => value === 'healthy' || value === 'unhealthy';
const verdict = fields({
  is: health,
  since: amount,
  probe: text,
  text,
  on_failure: text,
  nudged: flag,
  everHealthy: flag,
});

const life = { agent: text, generation: count, run: maybe(text), started: maybe(amount) };
/** What a program has told of its conversation. */
export const telemetry = fields({
  at: amount,
  model: maybe(text),
  context: maybe(amount),
  contextAt: maybe(amount),
  cost: maybe(amount),
  limits: listOf(fields({ name: text, used: amount, resets: maybe(amount) })),
});

const about = { agent: text, reason };
const offset = { since: amount, ahead: amount };
const range = fields({ from: count, to: count });

/** The fields of each type that somebody relies on; of other types only what all have. */
const TYPES: { readonly [T in Entry['type']]?: Shape } = {
  started: fields({ ...life, reason, run: text, started: amount, pid: maybe(count), applied }),
  adopted: fields({ ...life, pid: maybe(count) }),
  updated: fields({ agent: text, fields: listOf(text), applied }),
  stopping: fields({ ...about, run: maybe(text) }),
  exited: fields({
    ...life,
    reason,
    exit,
    ended: amount,
    uptime: maybe(amount),
    oom: flag,
    healthy: flag,
    telemetry: maybe(telemetry),
    conversation: maybe(text),
  }),
  last_lines: fields({ agent: text, run: text, tail: listOf(text) }),
  removed: fields({ ...about, run: maybe(text) }),
  held: fields({ ...about, fingerprint: maybe(text) }),
  released: fields(about),
  restart_requested: fields({ agent: text, run: text }),
  crash_looping: fields({ agent: text, restarts: count, window: amount }),
  circuit_opened: fields({ agents: listOf(text) }),
  circuit_trial: fields({ agent: text, run: maybe(text) }),
  circuit_closed: fields({ agents: count }),
  health: fields({ agent: text, run: text, role, is: health, probe: text, text, on_failure: text }),
  nudged: fields({ ...about, run: maybe(text), keys: listOf(text) }),
  deferred: fields({ ...about, run: maybe(text), what: text }),
  deferral_over: fields({ agent: text, what: text }),
  alert: fields({ ...about, policy: text, level: text }),
  alert_over: fields({ agent: text, policy: text }),
  scheduled: fields({ agent: text, schedule: text, due: amount, outcome: text }),
  sent: fields({ ...about, run: maybe(text), policy: text, characters: count }),
  undelivered: fields({ ...about, run: maybe(text), policy: text, why: text }),
  conversation: fields({ agent: text, run: maybe(text), id: text, how: text }),
  conversation_refused: fields({ agent: text, run: maybe(text), id: text, why: text }),
  conversation_cleared: fields(about),
  attention: fields({ agent: text, run: text, state: text, for: maybe(text), until: maybe(amount), source: text }),
  attention_over: fields({ agent: text, run: text }),
  hook_failed: fields({ agent: text, hook: text, why: text, veto: flag, run: maybe(text) }),
  failed: fields({ agent: text, action: text, why: text }),
  killed_leftovers: fields({ agent: text, pids: listOf(count) }),
  clock_stepped: fields({ ...offset, by: amount }),
  server_started: fields({ server: identity }),
  server_lost: fields({ agents: amount, rebooted: maybe(flag) }),
  journal_damaged: fields({ unreadable: amount, missing: listOf(range), ledger: maybe(text), aside: maybe(text) }),
};

const entry: Shape = (value) =>
  fields({ seq: count, at: amount, agent: maybe(text) })(value) && oneOf('type', TYPES as Record<string, Shape>)(value);

/** Beyond this a number is a damaged one, and counting on from it would end soon. */
const LAST_SEQ = 1e15;

/** A line of the journal; undefined if it is none. */
export function parseEntry(line: string): Entry | undefined {
  const value = parseJson(line);
  return entry(value) && (value as Entry).seq > 0 && (value as Entry).seq < LAST_SEQ ? (value as Entry) : undefined;
}

/** Where entries are missing, a line says so; its numbers may be asked for and will never be used. */
export type Gap = { readonly type: 'gap'; readonly from: number; readonly to: number };

/** A line that stands for entries which are lost; undefined if it is none. */
export function parseGap(line: string): Gap | undefined {
  const value = parseJson(line);
  const { type, from, to } = (value ?? {}) as Gap;
  const sound = type === 'gap' && range(value) && from <= to && to < LAST_SEQ;
  return sound ? { type, from, to } : undefined;
}

/** Every field of a history that is there has its form. */
export const historyShape: Shape = fields({
  generation: maybe(count),
  run: maybe(text),
  started: maybe(amount),
  applied: maybe(applied),
  ending: maybe(fields({ run: maybe(text), reason })),
  failures: maybe(listOf(amount)),
  attempt: maybe(count),
  lastExit: maybe(
    fields({
      code: maybe(amount),
      signal: maybe(amount),
      run: maybe(text),
      generation: count,
      at: amount,
      uptime: maybe(amount),
      oom: flag,
      unplanned: flag,
      cause: maybe(reason),
      fingerprint: maybe(text),
      tail: listOf(text),
    }),
  ),
  unanswered: maybe(flag),
  looping: maybe(flag),
  hurry: maybe(flag),
  hold: maybe(fields({ reason, since: amount, fingerprint: maybe(text), stops: maybe(flag) })),
  health: maybe(fields({ startup: maybe(verdict), readiness: maybe(verdict), liveness: maybe(verdict) })),
  deferred: maybe(recordOf(fields({ reason, since: amount }))),
  alerts: maybe(recordOf(fields({ level: text, reason, since: amount }))),
  marks: maybe(recordOf(amount)),
  veto: maybe(fields({ hook: text, why: text, at: amount, times: count, run: maybe(text) })),
  replace: maybe(text),
  conversation: maybe(fields({ id: text, since: amount, how: text })),
  conversations: maybe(listOf(text)),
  attention: maybe(fields({ state: text, for: maybe(text), until: maybe(amount), since: amount })),
  typings: maybe(recordOf(fields({ times: count, at: amount }))),
  restarts: maybe(count),
  changed: maybe(amount),
  reason: maybe(reason),
} satisfies { readonly [F in keyof History]?: Shape });

/** A stored ledger, but for the histories of its agents. */
export const snapshotShape: Shape = fields({
  seq: (value) => count(value) && (value as number) < LAST_SEQ,
  at: maybe(amount),
  offsets: maybe(listOf(fields(offset))),
  server: maybe(identity),
  lastStart: maybe(amount),
  circuit: maybe(fields({ state: text, since: amount, agents: count })),
  agents: listOf((pair) => Array.isArray(pair) && text(pair[0]) && anything(pair[1])),
});

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
