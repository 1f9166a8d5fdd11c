import type { History } from '../../reconciler/types.ts';
import { LAST_SEQ } from './entry-shape.ts';
import { applied, health, identity, offset, reason } from './part-shapes.ts';
import { amount, anything, count, fields, flag, listOf, maybe, recordOf, type Shape, text } from './shape.ts';

const verdict = fields({
  is: health,
  since: amount,
  probe: text,
  text,
  on_failure: text,
  nudged: flag,
  everHealthy: flag,
});

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
