import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffDelay, failuresWithin } from '../../src/reconciler/backoff.ts';
import { MINUTE, NOW, restartSpec, SECOND } from './base.ts';

const plain = restartSpec.backoff;
const delays = (backoff: typeof plain, count: number, uptime = 0) =>
  Array.from({ length: count }, (_, index) => backoffDelay(backoff, { attempt: index + 1, uptime, seed: 'db-1' }));

describe('the wait before a restart', () => {
  test.each([
    ['doubles', plain, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]],
    ['stays, with a factor of 1', { ...plain, factor: 1 }, [1, 1, 1]],
    ['is capped from the start', { ...plain, max: 500 }, [0.5, 0.5, 0.5]],
    ['is nothing, if so wished', { ...plain, initial: 0 }, [0, 0, 0]],
    ['grows by odd factors', { ...plain, factor: 1.5 }, [1, 1.5, 2.25, 3.375]],
  ])('%s', (_, backoff, seconds) => {
    expect(delays(backoff, seconds.length)).toEqual(seconds.map((count) => count * SECOND));
  });

  test.each([
    ['4.999 s', 4_999, SECOND],
    ['5 s: it had got to work', 5_000, 0],
    ['nobody knows how long', undefined, SECOND],
  ])('after the first failure of a program that had lived %s', (_, uptime, expected) => {
    expect(backoffDelay(plain, { attempt: 1, uptime, seed: 'db-1' })).toBe(expected);
  });

  test('only the first failure is excused by a long life', () => {
    expect(delays(plain, 3, MINUTE)).toEqual([0, 2 * SECOND, 4 * SECOND]);
  });

  test('very many failures, at once each time: still a number', () => {
    expect(backoffDelay({ ...plain, initial: 0 }, { attempt: 5_000, uptime: 0, seed: 'db-1' })).toBe(0);
    expect(backoffDelay(plain, { attempt: 5_000, uptime: 0, seed: 'db-1' })).toBe(plain.max);
  });
});

describe('laws of the wait', () => {
  const backoffs = fc.record({
    initial: fc.nat(10 * MINUTE),
    factor: fc.double({ min: 1, max: 10, noNaN: true }),
    max: fc.nat(10 * MINUTE),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const failures = fc.record({
    attempt: fc.integer({ min: 1, max: 3_000 }),
    uptime: fc.option(fc.nat(10 * MINUTE), { nil: undefined }),
    seed: fc.string(),
  });

  test('never negative, never above the maximum', () => {
    fc.assert(
      fc.property(backoffs, failures, (backoff, failure) => {
        const delay = backoffDelay(backoff, failure);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(backoff.max);
      }),
    );
  });

  test('the jitter stays within its share, except where the maximum cuts it', () => {
    fc.assert(
      fc.property(backoffs, failures, (backoff, failure) => {
        const middle = backoffDelay({ ...backoff, jitter: 0 }, failure);
        const delay = backoffDelay(backoff, failure);
        // Both were rounded to whole milliseconds.
        expect(Math.abs(delay - middle)).toBeLessThanOrEqual(middle * backoff.jitter + 1);
      }),
    );
  });

  test('the same failure waits the same time', () => {
    fc.assert(
      fc.property(backoffs, failures, (backoff, failure) => {
        expect(backoffDelay(backoff, { ...failure })).toBe(backoffDelay(backoff, failure));
      }),
    );
  });

  test('without jitter no wait is shorter than the one before', () => {
    fc.assert(
      fc.property(backoffs, failures, (backoff, failure) => {
        const even = { ...backoff, jitter: 0 };
        const next = backoffDelay(even, { ...failure, attempt: failure.attempt + 1 });
        expect(next).toBeGreaterThanOrEqual(backoffDelay(even, failure));
      }),
    );
  });

  test('the jitter spreads: a hundred agents do not come back together', () => {
    const spread = Array.from({ length: 100 }, (_, index) =>
      backoffDelay({ ...plain, initial: 10 * SECOND, jitter: 0.2 }, { attempt: 1, uptime: 0, seed: `worker-${index}` }),
    );
    const mean = spread.reduce((sum, delay) => sum + delay, 0) / spread.length;
    expect(new Set(spread).size).toBeGreaterThan(90);
    expect(Math.max(...spread) - Math.min(...spread)).toBeGreaterThan(3 * SECOND);
    expect(Math.abs(mean - 10 * SECOND)).toBeLessThan(SECOND / 2);
  });
});

describe('failures within a window', () => {
  test.each([
    ['none', [], 0],
    ['one just now', [NOW], 1],
    ['one just inside', [NOW - MINUTE + 1], 1],
    ['one just outside', [NOW - MINUTE], 0],
    ['two of three', [NOW - 2 * MINUTE, NOW - 30 * SECOND, NOW], 2],
  ])('%s', (_, failures, expected) => expect(failuresWithin(failures, MINUTE, NOW)).toBe(expected));
});
