import { describe, expect, test } from 'vitest';
import { viewOf } from '../../src/reconciler/view.ts';
import { all, type Change, MINUTE, NOW, nothing, planned, probed, spec, spoilt, verdict } from './base.ts';

const sick = verdict('unhealthy');
const was = verdict('unhealthy', { everHealthy: true });
const well = verdict('healthy', { since: NOW - 2 * MINUTE });

const seen = (change: Change) => {
  const view = viewOf(spoilt(change)).find(({ agent }) => agent === 'db');
  return `${view?.phase}${view?.reason ? `: ${view.reason.code}` : ''}`;
};

describe('an agent with probes is', () => {
  test.each<[string, Change, string]>([
    ['ready without any', nothing, 'ready'],
    [
      'starting before its startup probe has said anything',
      probed('db', 'startup', undefined),
      'starting: starting_up',
    ],
    ['ready when it has passed', probed('db', 'startup', well), 'ready'],
    [
      'starting before its readiness probe has said anything',
      probed('db', 'readiness', undefined),
      'starting: starting_up',
    ],
    ['starting while it was never ready', probed('db', 'readiness', sick), 'starting: starting_up'],
    ['degraded when it is not ready any more', probed('db', 'readiness', was), 'degraded: not_ready'],
    ['ready when both have passed', all(probed('db', 'startup', well), probed('db', 'readiness', well)), 'ready'],
    [
      'starting when only the first has',
      all(probed('db', 'startup', well), probed('db', 'readiness', undefined)),
      'starting: starting_up',
    ],
    ['ready before its liveness probe has said anything', probed('db', 'liveness', undefined), 'ready'],
    [
      'degraded when that has failed',
      probed('db', 'liveness', { ...sick, on_failure: 'notify' }),
      'degraded: liveness_failed',
    ],
  ])('%s', (_, change, expected) => expect(seen(change)).toBe(expected));

  test('ready since the last of them passed', () => {
    const view = viewOf(spoilt(probed('db', 'readiness', well))).find(({ agent }) => agent === 'db');
    expect(view?.since).toBe(NOW - 2 * MINUTE);
  });
});

describe('who depends on it', () => {
  const down: Change = (world) => ({
    ...world,
    observed: { ...world.observed, sessions: new Map([...world.observed.sessions].filter(([name]) => name !== 'api')) },
  });
  test.each<[string, Change, readonly string[]]>([
    ['starts when it is ready', probed('db', 'readiness', well), ['spawn api: session_closed']],
    ['waits while it comes up', probed('db', 'startup', undefined), []],
    ['waits while it is not ready', probed('db', 'readiness', was), []],
    [
      'waits for its start alone',
      all(probed('db', 'readiness', was), spec('api', { depends_on: { db: { condition: 'started' } } })),
      ['spawn api: session_closed'],
    ],
  ])('%s', (_, change, expected) =>
    expect(planned(spoilt(down, change)).map((line) => line.replace(/not_running/, 'session_closed'))).toEqual(
      expected,
    ),
  );
});

describe('admission', () => {
  const short =
    (available: number | undefined): Change =>
    (world) => ({
      ...world,
      desired: { ...world.desired, concurrency: { ...world.desired.concurrency, memory_reserve: 100 } },
      machine: { memoryAvailable: available },
      observed: {
        ...world.observed,
        sessions: new Map([...world.observed.sessions].filter(([name]) => name !== 'worker')),
      },
    });
  test.each<[string, Change, readonly string[]]>([
    ['enough memory', short(100), ['spawn worker: not_running']],
    ['too little', short(99), []],
    ['nobody can tell', short(undefined), ['spawn worker: not_running']],
  ])('%s', (_, change, expected) => expect(planned(spoilt(change))).toEqual(expected));
});
