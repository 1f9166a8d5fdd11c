/** What stands in entries of the journal and in histories alike. */
import { amount, count, fields, flag, listOf, maybe, oneOf, recordOf, type Shape, text } from './shape.ts';

/** How a program ended. */
export const exit = fields({ code: maybe(amount), signal: maybe(amount) });
/** A tmux server, as no other one ever is. */
export const identity = fields({ pid: count, start: text, boot: maybe(text) });

/** Why something is done; those here say more than their code. */
export const reason = oneOf('code', {
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

/** From an instant on the clock of the machine was ahead by so much. */
export const offset = { since: amount, ahead: amount };

/** What a program was started with. */
export const applied = fields({
  fingerprint: text,
  kind: maybe(text),
  settings: recordOf(text),
  stop: fields({ sequence: listOf(step), grace: amount }),
  depends_on: listOf(text),
});

/** What a probe is for; a role of a newer colony says nothing to this one. */
export const role: Shape = (value) => value === 'startup' || value === 'readiness' || value === 'liveness';
export const health: Shape = (value) => value === 'healthy' || value === 'unhealthy';
