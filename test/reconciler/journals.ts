/** Random events, in any order: a fold has to bear them all. */
import fc from 'fast-check';
import type { Event } from '../../src/reconciler/types.ts';
import { HOUR, SERVER } from './base.ts';
import { anyApplied, anyExit, fingerprint, maybe, past, reason, run } from './worlds.ts';

const name = fc.constantFrom('db', 'api', 'new');
const policy = fc.constantFrom('memory', 'max_age');
const life = { agent: name, generation: fc.nat(3), run: run('db'), reason };

export const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    ...life,
    type: fc.constant('started' as const),
    started: past,
    pid: maybe(fc.nat()),
    applied: anyApplied('db'),
  }),
  fc.record({
    type: fc.constant('adopted' as const),
    agent: name,
    generation: fc.nat(3),
    run: maybe(run('db')),
    started: maybe(past),
    pid: maybe(fc.nat()),
  }),
  fc.record({
    type: fc.constant('updated' as const),
    agent: name,
    fields: fc.constant(['labels']),
    applied: anyApplied('db'),
  }),
  fc.record({ type: fc.constant('stopping' as const), agent: name, run: maybe(run('db')), reason }),
  fc.record({
    ...life,
    type: fc.constant('exited' as const),
    exit: anyExit,
    ended: past,
    uptime: maybe(fc.nat(HOUR)),
    oom: fc.boolean(),
    healthy: fc.boolean(),
  }),
  fc.record({ type: fc.constant('last_lines' as const), agent: name, run: run('db'), tail: fc.constant(['bye']) }),
  fc.record({ type: fc.constant('removed' as const), agent: name, run: maybe(run('db')), reason }),
  fc.record({
    type: fc.constant('held' as const),
    agent: name,
    reason,
    fingerprint: maybe(fingerprint),
    now: fc.boolean(),
  }),
  fc.record({ type: fc.constant('restart_requested' as const), agent: name, run: run('db'), now: fc.boolean() }),
  fc.record({ type: fc.constant('released' as const), agent: name, reason }),
  fc.record({
    type: fc.constant('failed' as const),
    agent: name,
    action: fc.constant('spawn' as const),
    why: fc.string(),
  }),
  fc.record({
    ...{ type: fc.constant('health' as const), agent: name, run: run('db'), text: fc.constant('so') },
    role: fc.constantFrom('startup', 'readiness', 'liveness'),
    is: fc.constantFrom('healthy', 'unhealthy'),
    probe: fc.constantFrom('http', 'activity'),
    on_failure: fc.constantFrom('restart', 'nudge', 'notify', 'none'),
  }),
  fc.record({
    ...{ type: fc.constant('nudged' as const), agent: name, run: run('db'), reason },
    keys: fc.constant(['Escape']),
  }),
  fc.record({ type: fc.constant('deferred' as const), agent: name, run: run('db'), what: policy, reason }),
  fc.record({ type: fc.constant('deferral_over' as const), agent: name, what: policy }),
  fc.record({
    ...{ type: fc.constant('alert' as const), agent: name, policy, reason, once: fc.boolean() },
    level: fc.constantFrom('notify', 'warn'),
  }),
  fc.record({ type: fc.constant('alert_over' as const), agent: name, policy }),
  fc.record({
    ...{ type: fc.constant('scheduled' as const), agent: name, schedule: fc.constant('x'), due: past },
    outcome: fc.constantFrom('set', 'done', 'skipped', 'missed'),
  }),
  fc.record({
    ...{ type: fc.constant('sent' as const), agent: name, run: maybe(run('db')), reason, policy },
    ...{ characters: fc.nat(), once: fc.boolean() },
  }),
  fc.record({
    ...{ type: fc.constant('hook_failed' as const), agent: name, why: fc.constant('exit code 1'), veto: fc.boolean() },
    ...{ hook: fc.constantFrom('pre_start', 'pre_stop'), run: maybe(run('db')) },
  }),
  fc.record({ type: fc.constant('killed_leftovers' as const), agent: name, pids: fc.array(fc.nat()) }),
  fc.record({ type: fc.constant('crash_looping' as const), agent: name, restarts: fc.nat(), window: fc.nat() }),
  fc.record({ type: fc.constant('circuit_opened' as const), agents: fc.array(name) }),
  fc.record({ type: fc.constant('circuit_trial' as const), agent: name, run: maybe(run('db')) }),
  fc.record({ type: fc.constant('circuit_closed' as const), agents: fc.nat(3) }),
  fc.record({ type: fc.constant('server_started' as const), server: fc.constant(SERVER) }),
  fc.record({ type: fc.constant('server_lost' as const), agents: fc.nat(3) }),
  fc.record({ type: fc.constant('clock_stepped' as const), since: past, ahead: fc.integer(), by: fc.integer() }),
  fc.constant({ type: 'down' as const }),
);

export const anyJournal = fc.array(anyEvent, { maxLength: 20 });
