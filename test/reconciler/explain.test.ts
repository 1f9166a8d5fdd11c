import { describe, expect, test } from 'vitest';
import { exitText, explain } from '../../src/reconciler/explain.ts';
import type { Reason, ReasonCode, Stuck } from '../../src/reconciler/types.ts';
import { code, MINUTE, signal, unknownExit } from './base.ts';

const LOOP: Reason = { code: 'crash_loop', restarts: 5, window: 10 * MINUTE };
const HELD: Stuck = { agent: 'db', is: 'held', reason: LOOP };

const STUCK: readonly Stuck[] = [
  { agent: 'db', is: 'absent', reason: { code: 'removed_from_file' } },
  { agent: 'db', is: 'disabled', reason: { code: 'disabled' } },
  { agent: 'db', is: 'stopped', reason: { code: 'user_requested' } },
  { agent: 'db', is: 'stopped', reason: { code: 'exited', exit: code(3) } },
  HELD,
  { agent: 'db', is: 'held', reason: { code: 'command_not_found', program: 'postgres' } },
  { agent: 'db', is: 'completed', reason: { code: 'exited', exit: code(0) } },
  {
    agent: 'db',
    is: 'waiting',
    reason: { code: 'dependency_not_ready', agents: ['disk'], stuck: { ...HELD, agent: 'disk' } },
  },
];

/** Each code with everything that it can carry; the compiler sees to it that none is missing. */
const EXAMPLES: { readonly [C in ReasonCode]: readonly Extract<Reason, { code: C }>[] } = {
  not_running: [{ code: 'not_running' }],
  starting_up: [
    { code: 'starting_up', role: 'startup', text: undefined },
    { code: 'starting_up', role: 'readiness', text: 'the answer was 503' },
  ],
  startup_timeout: [{ code: 'startup_timeout', probe: 'tcp', text: 'nobody listens on port 80' }],
  not_ready: [{ code: 'not_ready', probe: 'http', text: 'the answer was 503' }],
  liveness_failed: [{ code: 'liveness_failed', probe: 'exec', text: 'exit code 1' }],
  hung: [{ code: 'hung', text: 'busy, and no sign of life for 20m' }],
  memory_limit: [{ code: 'memory_limit', used: 3 * 2 ** 30, limit: 2 ** 31, for: 30_000 }],
  memory_growth: [{ code: 'memory_growth', grown: 600 * 2 ** 20, within: 60 * MINUTE }],
  cpu_busy: [
    { code: 'cpu_busy', cpu: 0.97, above: 0.9, for: 5 * MINUTE, silent: true },
    { code: 'cpu_busy', cpu: 1.97, above: 0.9, for: 5 * MINUTE, silent: false },
  ],
  max_age: [{ code: 'max_age', after: 24 * 60 * MINUTE }],
  scheduled: [{ code: 'scheduled', cron: '0 4 * * *', tz: 'UTC' }],
  hook_failed: [{ code: 'hook_failed', hook: 'pre_start', why: 'exit code 1' }],
  memory_reserve: [{ code: 'memory_reserve', available: 60 * 2 ** 20, reserve: 128 * 2 ** 20 }],
  work_done: [{ code: 'work_done', text: 'ALL DONE' }],
  context_full: [{ code: 'context_full', context: 0.9, above: 0.85 }],
  idle: [{ code: 'idle', for: 10 * MINUTE, time: 1, times: 3 }],
  limit_reset: [{ code: 'limit_reset', until: 0 }],
  waiting: [
    { code: 'waiting', for: 'permission', after: 10 * MINUTE },
    { code: 'waiting', for: 'trust', after: 10 * MINUTE },
    { code: 'waiting', for: undefined, after: 10 * MINUTE },
  ],
  exited: [
    { code: 'exited', exit: code(3) },
    { code: 'exited', exit: unknownExit },
  ],
  signaled: [
    { code: 'signaled', exit: signal(9) },
    { code: 'signaled', exit: signal(64) },
    { code: 'signaled', exit: unknownExit },
  ],
  oom_killed: [{ code: 'oom_killed' }],
  crash_looping: [{ code: 'crash_looping', restarts: 5, window: 10 * MINUTE, last: code(3) }],
  circuit_open: [
    { code: 'circuit_open', circuit: { state: 'open', since: 0, agents: 3 } },
    { code: 'circuit_open', circuit: { state: 'trial', since: 0, agents: 3, agent: 'db', run: 'db-1' } },
    { code: 'circuit_open', circuit: { state: 'closed', since: 0, agents: 3 } },
  ],
  crash_loop: [{ code: 'crash_loop', restarts: 5, window: 10 * MINUTE }],
  config_changed: [
    { code: 'config_changed', fields: ['command', 'env.API_KEY'] },
    { code: 'config_changed', fields: [] },
  ],
  removed_from_file: [{ code: 'removed_from_file' }],
  disabled: [{ code: 'disabled' }],
  user_requested: [{ code: 'user_requested' }],
  dependency_not_ready: [
    { code: 'dependency_not_ready', agents: ['db', 'cache'], stuck: undefined },
    ...STUCK.map((stuck) => ({ code: 'dependency_not_ready' as const, agents: ['cache', 'db'], stuck })),
  ],
  command_not_found: [
    { code: 'command_not_found', program: 'claude' },
    { code: 'command_not_found', program: undefined },
  ],
  command_not_executable: [
    { code: 'command_not_executable', program: 'run' },
    { code: 'command_not_executable', program: undefined },
  ],
  workdir_missing: [{ code: 'workdir_missing', path: '/gone' }],
  name_taken: [{ code: 'name_taken', session: 'db' }],
  start_failed: [{ code: 'start_failed', why: 'no room for a new pane' }],
  pane_closed: [{ code: 'pane_closed' }],
  session_closed: [{ code: 'session_closed' }],
  duplicate: [{ code: 'duplicate' }],
  tmux_unreachable: [{ code: 'tmux_unreachable', why: 'timed out' }],
  tmux_server_lost: [{ code: 'tmux_server_lost' }],
  rebooted: [{ code: 'rebooted' }],
  pattern_given_up: [{ code: 'pattern_given_up', what: 'liveness: log', pattern: '(a+)+$' }],
  adopted: [{ code: 'adopted' }],
};

const ALL: readonly Reason[] = Object.values<readonly Reason[]>(EXAMPLES).flat();

describe('every reason', () => {
  test.each(ALL.map((reason) => [explain(reason), reason] as const))('%s', (sentence) => {
    expect(sentence).toMatch(/^[a-z]/);
    expect(sentence).not.toMatch(/undefined|null|NaN|\[object/);
    expect(sentence).not.toMatch(/\.($| )/);
    expect(sentence).toBe(sentence.trim());
  });

  test('has a sentence of its own', () => expect(new Set(ALL.map((reason) => explain(reason))).size).toBe(ALL.length));
});

test.each<readonly [Reason, string]>([
  [{ code: 'exited', exit: code(3) }, 'the program ended: exit code 3'],
  [{ code: 'exited', exit: unknownExit }, 'the program ended: how is not known'],
  [{ code: 'signaled', exit: signal(9) }, 'the program was ended by SIGKILL'],
  [{ code: 'signaled', exit: signal(64) }, 'the program was ended by signal 64'],
  [
    { code: 'crash_loop', restarts: 5, window: 10 * MINUTE },
    'crash loop: more than 5 failures within 10m; not started again by itself',
  ],
  [{ code: 'config_changed', fields: ['command', 'workdir'] }, 'changed in the file: command, workdir'],
  [{ code: 'command_not_found', program: undefined }, 'command not found (exit code 127)'],
  [{ code: 'dependency_not_ready', agents: ['db', 'cache'], stuck: undefined }, 'waits for db, cache'],
  [
    { code: 'dependency_not_ready', agents: ['db'], stuck: HELD },
    'waits for db, which is held: it failed more than 5 times within 10m',
  ],
  [
    { code: 'dependency_not_ready', agents: ['cache', 'db'], stuck: HELD },
    'waits for cache, and for db, which is held: it failed more than 5 times within 10m',
  ],
  [
    {
      code: 'dependency_not_ready',
      agents: ['db'],
      stuck: { ...HELD, is: 'stopped', reason: { code: 'user_requested' } },
    },
    'waits for db, which was stopped by a person',
  ],
  [
    {
      code: 'dependency_not_ready',
      agents: ['api'],
      stuck: { agent: 'api', is: 'waiting', reason: { code: 'dependency_not_ready', agents: ['db'], stuck: HELD } },
    },
    'waits for api, which waits for db, which is held: it failed more than 5 times within 10m',
  ],
  [
    { code: 'crash_looping', restarts: 5, window: 10 * MINUTE, last: code(3) },
    'keeps failing: more than 5 failures within 10m, the last with exit code 3',
  ],
])('%j', (reason, expected) => expect(explain(reason)).toBe(expected));

describe('an exit as text', () => {
  test.each([
    [code(0), 'exit code 0'],
    [signal(15), 'SIGTERM'],
    [signal(33), 'signal 33'],
    [unknownExit, 'how is not known'],
  ])('%j', (exit, expected) => expect(exitText(exit)).toBe(expected));
});
