import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Tally, type Thresholds, tallied, tallyOf, thresholdsOf } from '../../src/probes/threshold.ts';
import type { Finding } from '../../src/reconciler/types.ts';
import { probe } from './rig.ts';

/** `+` healthy, `-` unhealthy, `?` unknown. */
const LETTERS: Readonly<Record<string, Finding['is']>> = { '+': 'healthy', '-': 'unhealthy', '?': 'unknown' };

const outcome = (results: string, thresholds: Thresholds, before: Tally['verdict'] = undefined): Tally =>
  [...results].reduce((tally, letter) => tallied(tally, LETTERS[letter] ?? 'unknown', thresholds), tallyOf(before));

const three: Thresholds = { success_threshold: 1, failure_threshold: 3, failures: undefined };
const window: Thresholds = { ...three, failures: { count: 3, within: 5 } };

describe('what results come to', () => {
  test.each<[string, Thresholds, Tally['verdict'], Tally['verdict']]>([
    ['', three, undefined, undefined],
    ['+', three, undefined, 'healthy'],
    ['-', three, undefined, undefined],
    ['---', three, undefined, 'unhealthy'],
    ['--', three, 'healthy', 'healthy'],
    ['--+--', three, 'healthy', 'healthy'],
    ['--?-', three, 'healthy', 'unhealthy'],
    ['????', three, 'healthy', 'healthy'],
    ['?', three, undefined, undefined],
    ['---+', three, undefined, 'healthy'],
    ['+', { ...three, success_threshold: 2 }, undefined, undefined],
    ['+-+', { ...three, success_threshold: 2 }, 'unhealthy', 'unhealthy'],
    ['+?+', { ...three, success_threshold: 2 }, 'unhealthy', 'healthy'],
    // Flapping: never three in a row, and yet three of five.
    ['-+-+-', three, 'healthy', 'healthy'],
    ['-+-+-', window, 'healthy', 'unhealthy'],
    ['-?+?-?+?-', window, 'healthy', 'unhealthy'],
    ['-+-++', window, 'healthy', 'healthy'],
    ['-++++-', window, 'healthy', 'healthy'],
    ['---+', window, 'healthy', 'unhealthy'],
    ['---++++', window, 'healthy', 'healthy'],
  ])('%s', (results, thresholds, before, verdict) => {
    expect(outcome(results, thresholds, before).verdict).toBe(verdict);
  });
});

test('a hang must be seen twice, whatever the file says', () => {
  const eager = { failure_threshold: 1, failures: { count: 1, within: 1 } };
  expect(thresholdsOf(probe({ tcp: { host: 'h', port: 1 }, ...eager }))).toMatchObject(eager);
  expect(thresholdsOf(probe({ activity: { silent_for: 1, while: 'busy' }, ...eager }))).toMatchObject({
    failure_threshold: 2,
    failures: { count: 2, within: 2 },
  });
});

const results = fc.string({ unit: fc.constantFrom('+', '-', '?'), maxLength: 60 });
const number = fc.integer({ min: 1, max: 5 });
const thresholds: fc.Arbitrary<Thresholds> = fc.record({
  success_threshold: number,
  failure_threshold: number,
  failures: fc.option(fc.record({ count: number, within: number }), { nil: undefined }),
});

describe('whatever the results', () => {
  test('those that are not known change nothing', () => {
    fc.assert(
      fc.property(results, thresholds, (all, limits) => {
        expect(outcome(all, limits)).toEqual(outcome(all.replaceAll('?', ''), limits));
      }),
    );
  });
  test('no more is kept than the thresholds look at, and what is forgotten does not matter', () => {
    fc.assert(
      fc.property(results, results, thresholds, (long, recent, limits) => {
        const most = Math.max(limits.success_threshold, limits.failures?.within ?? limits.failure_threshold);
        const tally = outcome(long + recent, limits);
        expect(tally.results.length).toBeLessThanOrEqual(most);
      }),
    );
  });
  test('it turns unhealthy only by a bad result, and healthy only by a good one', () => {
    fc.assert(
      fc.property(results, fc.constantFrom('+', '-', '?'), thresholds, (past, next, limits) => {
        const before = outcome(past, limits).verdict;
        const now = outcome(past + next, limits).verdict;
        if (now !== before) expect(now).toBe(LETTERS[next]);
      }),
    );
  });
});
