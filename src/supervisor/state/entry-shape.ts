import type { Entry } from '../../reconciler/types.ts';
import { applied, exit, health, identity, offset, reason, role } from './part-shapes.ts';
import { amount, count, fields, flag, listOf, maybe, oneOf, type Shape, text } from './shape.ts';

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
export const LAST_SEQ = 1e15;

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

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
