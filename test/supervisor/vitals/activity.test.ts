import { describe, expect, test } from 'vitest';
import type { Activity, Sample } from '../../../src/reconciler/types.ts';
import { activityOf, NOTHING_KNOWN, type Signs } from '../../../src/supervisor/vitals/activity.ts';

const NOW = 1_000_000;
const SECOND = 1_000;

const sample = (secondsAgo: number, patch: Partial<Sample> = {}): Sample => ({
  at: NOW - secondsAgo * SECOND,
  rss: 1,
  pss: undefined,
  cpu: 0,
  processes: 1,
  tools: 0,
  ...patch,
});

/** Looked at every five seconds for a while, and doing nothing. */
const QUIET: readonly Sample[] = [40, 35, 30, 25, 20, 15, 10, 5, 0].map((ago) => sample(ago));

const idle: Signs = {
  now: NOW,
  started: NOW - 600 * SECOND,
  reported: undefined,
  output: NOW - 31 * SECOND,
  samples: QUIET,
  before: NOTHING_KNOWN,
};

const busyBefore: Activity = { state: 'busy', source: 'output', at: NOW - 20 * SECOND, since: NOW - 90 * SECOND };

describe('a program is', () => {
  test.each<[string, Partial<Signs>, Activity['state'], Activity['source']]>([
    ['idle: silent, and no use of the CPU', {}, 'idle', 'output'],
    ['idle: it never printed anything', { output: undefined }, 'idle', 'output'],
    ['busy: it has just printed', { output: NOW - 9 * SECOND }, 'busy', 'output'],
    ['busy: it computes', { samples: [...QUIET.slice(0, -1), sample(0, { cpu: 0.05 })] }, 'busy', 'output'],
    ['unknown: a tool of it runs', { samples: [...QUIET.slice(0, -1), sample(0, { tools: 1 })] }, 'unknown', undefined],
    ['unknown: it printed not long ago', { output: NOW - 29 * SECOND }, 'unknown', undefined],
    ['unknown: it computed not long ago', { samples: QUIET.with(4, sample(20, { cpu: 0.5 })) }, 'unknown', undefined],
    ['idle: it computed long ago', { samples: QUIET.with(2, sample(30, { cpu: 0.5 })) }, 'idle', 'output'],
    ['unknown: it was not looked at for long enough', { samples: QUIET.slice(4) }, 'unknown', undefined],
    ['unknown: one look tells of no time', { samples: [sample(0, { cpu: 0.9 })] }, 'unknown', undefined],
    ['unknown: the last look is long ago', { samples: QUIET.slice(0, 5) }, 'unknown', undefined],
    ['unknown: it was never looked at', { samples: [] }, 'unknown', undefined],
    [
      'unknown: it computed at some time in the last minutes',
      { samples: [sample(300), sample(0, { cpu: 0.5 })] },
      'unknown',
      undefined,
    ],
    ['idle: it did not compute in the last minutes', { samples: [sample(300), sample(0)] }, 'idle', 'output'],
    ['still busy, if nothing tells', { before: busyBefore, samples: [] }, 'busy', 'output'],
    [
      'unknown, if nothing has told for long',
      { before: { ...busyBefore, at: NOW - 60 * SECOND }, samples: [] },
      'unknown',
      undefined,
    ],
    ['what it says', { reported: { state: 'waiting', at: NOW - 400 * SECOND } }, 'waiting', 'report'],
    ['busy as it says, although silent', { reported: { state: 'busy', at: NOW - 400 * SECOND } }, 'busy', 'report'],
    ['not what an earlier life said', { reported: { state: 'busy', at: NOW - 601 * SECOND } }, 'idle', 'output'],
  ])('%s', (_name, patch, state, source) => {
    expect(activityOf({ ...idle, ...patch })).toMatchObject({ state, source });
  });
});

describe('since', () => {
  test('is kept while the state stays, whoever says so', () => {
    const printing = activityOf({ ...idle, before: busyBefore, output: NOW - SECOND });
    expect(printing).toEqual({ state: 'busy', source: 'output', at: NOW - SECOND, since: busyBefore.since });
    const saying = activityOf({ ...idle, before: busyBefore, reported: { state: 'busy', at: NOW - SECOND } });
    expect(saying.since).toBe(busyBefore.since);
  });
  test('begins with another state', () => {
    expect(activityOf({ ...idle, before: busyBefore }).since).toBe(NOW);
    expect(activityOf({ ...idle, before: busyBefore, reported: { state: 'waiting', at: NOW - 7 } }).since).toBe(
      NOW - 7,
    );
  });
  test('nothing new is the very same', () => {
    expect(activityOf({ ...idle, samples: [], before: busyBefore })).toBe(busyBefore);
  });
});
