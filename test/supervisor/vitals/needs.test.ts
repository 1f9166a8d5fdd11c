import { expect, test } from 'vitest';
import type { AgentSpec } from '../../../src/reconciler/types.ts';
import type { MemorySpec } from '../../../src/spec/memory.ts';
import type { ProbeSpec } from '../../../src/spec/probes.ts';
import type { MaxAgeSpec, ScheduleEntry } from '../../../src/spec/schedule.ts';
import { horizonOf } from '../../../src/supervisor/vitals/needs.ts';
import { specOf } from '../../reconciler/base.ts';

const MINUTE = 60_000;
const memory: MemorySpec = {
  limit: 1,
  growth: undefined,
  for: 30_000,
  measure: 'rss',
  action: { do: 'restart' },
  when: 'now',
  wait: 0,
};
const max_age: MaxAgeSpec = { after: 1, jitter: 0, when: 'now', wait: 0 };
const time: ScheduleEntry = {
  cron: '0 4 * * *',
  tz: 'UTC',
  action: { do: 'restart' },
  when: 'now',
  wait: 0,
  jitter: 0,
  overlap: 'skip',
  catch_up: 0,
};

const probe: ProbeSpec = {
  exec: undefined,
  http: undefined,
  tcp: undefined,
  screen: undefined,
  activity: undefined,
  heartbeat: undefined,
  log: undefined,
  initial_delay: 0,
  period: 1,
  timeout: 1,
  success_threshold: 1,
  failure_threshold: 1,
  failures: undefined,
  on_failure: 'none',
  nudge: [],
};

const liveness = (check: Partial<ProbeSpec>) => ({
  probes: { startup: [], readiness: [], liveness: [{ ...probe, ...check }] },
});

test.each<[string, Partial<AgentSpec>, number | undefined]>([
  ['nothing', {}, undefined],
  ['a limit of memory', { memory }, MINUTE],
  ['a limit of memory for long', { memory: { ...memory, for: 5 * MINUTE } }, 5 * MINUTE],
  ['a leak', { memory: { ...memory, growth: { by: 1, within: 60 * MINUTE } } }, 60 * MINUTE],
  ['memory that is measured, and no more', { memory: { ...memory, limit: undefined } }, undefined],
  ['a spin', { cpu: { above: 0.9, for: 5 * MINUTE, while: 'silent', action: { do: 'warn' }, wait: 0 } }, 5 * MINUTE],
  ['silence', liveness({ activity: { silent_for: 20 * MINUTE, while: 'busy' } }), 20 * MINUTE],
  ['another probe', liveness({ tcp: { port: 1, host: 'x' } }), undefined],
  ['an update that waits', { update: { mode: 'when_idle', wait: undefined } }, MINUTE],
  ['an update that does not', { update: { mode: 'manual', wait: undefined } }, undefined],
  ['an age, at an idle moment', { max_age: { ...max_age, when: 'idle' } }, MINUTE],
  ['an age', { max_age }, undefined],
  ['a schedule, at an idle moment', { schedule: [{ ...time, when: 'idle' }] }, MINUTE],
  ['a schedule', { schedule: [time] }, undefined],
  ['a context', { context: { above: 0.8, action: { do: 'notify' } } }, MINUTE],
  ['idleness', { idle: { after: 60 * MINUTE, action: { do: 'notify' }, times: 1 } }, MINUTE],
  ['a usage limit', { limit: { action: { do: 'notify' }, stagger: 0 } }, MINUTE],
  ['a dialog', { waiting: { after: 0, action: { do: 'notify' } } }, MINUTE],
  ['the end of the work', { completion: { output: 'x', answer: undefined } }, MINUTE],
])('%s', (_name, patch, expected) => expect(horizonOf(specOf('db', patch))).toBe(expected));
