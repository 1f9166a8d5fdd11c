import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyLedger, noHistory, record } from '../../src/reconciler/ledger.ts';
import { steadyOf, steadyReset, steppedBy, wallOf, withOffset } from '../../src/reconciler/offsets.ts';
import type { Attention, Offset } from '../../src/reconciler/types.ts';
import { MINUTE, SECOND } from '../policies/base.ts';
import { HOUR } from './base.ts';

/** Slept for eight hours at 1000, and was set back by two hours at 5000. */
const OFFSETS: readonly Offset[] = [
  { since: 1_000, ahead: -8 * HOUR },
  { since: 5_000, ahead: -6 * HOUR },
];

test.each([
  ['before the first of them', 999, 999],
  ['at its beginning', 1_000, 1_000 + 8 * HOUR],
  ['right before the next', 4_999, 4_999 + 8 * HOUR],
  ['of the last', 5_000, 5_000 + 6 * HOUR],
  ['to come', 5_000 + HOUR, 5_000 + 7 * HOUR],
])('an instant %s', (_, at, wall) => expect(wallOf(OFFSETS, at)).toBe(wall));

test.each([
  ['before the sleep', 999, 999],
  ['that was slept through', 4 * HOUR, 1_000],
  ['after the sleep', 2_000 + 8 * HOUR, 2_000 + 2 * HOUR],
  ['shown once', 5_500 + 6 * HOUR, 5_500],
])('a time %s', (_, wall, at) => expect(steadyOf(OFFSETS, wall)).toBe(at));

describe('a look', () => {
  const at = { seen: 900, now: 1_000 };
  test.each([
    ['finds nothing new', [], 1_000, undefined],
    ['overlooks less than a second', [], 1_999, undefined],
    ['finds that the machine has slept', [], 1_000 + HOUR, { since: 901, ahead: -HOUR }],
    ['finds that the clock was set back', [], 1_000 - HOUR, { since: 901, ahead: HOUR }],
    ['finds what is known already', [{ since: 500, ahead: -HOUR }], 1_500 + HOUR, undefined],
    ['finds the clocks together again', [{ since: 500, ahead: -HOUR }], 1_400, { since: 901, ahead: 0 }],
  ])('%s', (_, offsets, wall, found) => expect(steppedBy(offsets, { ...at, wall })).toEqual(found));

  test('after a reboot may be earlier than the one before', () => {
    expect(steppedBy([], { seen: 5_000, now: 1_000, wall: 9_000 })).toEqual({ since: 1_000, ahead: -8_000 });
  });
});

test('the oldest that is kept stands for those that are not', () => {
  const many = Array.from({ length: 600 }, (_, i) => ({ since: 1_000 * i, ahead: -HOUR * i }));
  const kept = many.reduce<readonly Offset[]>(withOffset, []);
  expect(kept).toHaveLength(500);
  expect(wallOf(kept, 10)).toBe(10 + 100 * HOUR);
  expect(wallOf(kept, 599_500)).toBe(599_500 + 599 * HOUR);
});

test('a limit is reset by the clock of the machine, also after a sleep', () => {
  const limited: Attention = { state: 'limited', until: 9 * HOUR, since: 0 };
  const agents = new Map([
    ['db', { ...noHistory, attention: limited }],
    ['api', noHistory],
  ]);
  const slept = { type: 'clock_stepped', since: 1, ahead: -8 * HOUR - 5 * SECOND, by: 8 * HOUR } as const;
  const after = record({ ...emptyLedger, agents }, { seq: 1, at: 7, ...slept });
  expect(after).toMatchObject({ at: 7, offsets: [{ since: 1, ahead: -8 * HOUR - 5 * SECOND }] });
  expect(after.agents.get('db')?.attention?.until).toBe(HOUR);
  expect(after.agents.get('api')).toBe(noHistory);
  expect(steadyReset(7 * MINUTE, SECOND)).toBe(8 * MINUTE);
});

/** A machine that runs, sleeps, and whose clock is set; each look is followed by something that happens. */
const life = (by: fc.Arbitrary<number>) => fc.array(fc.record({ runs: fc.nat(HOUR), by }), { maxLength: 20 });

function lived(steps: readonly { runs: number; by: number }[]) {
  const seen: { at: number; wall: number }[] = [];
  let offsets: readonly Offset[] = [];
  let [now, wall, last] = [100 * HOUR, 100 * HOUR, 100 * HOUR];
  for (const { runs, by } of steps) {
    wall += by + runs;
    now += runs;
    const offset = steppedBy(offsets, { seen: last, now, wall });
    if (offset) offsets = withOffset(offsets, offset);
    last = now;
    seen.push({ at: now, wall });
    now += 1;
    wall += 1;
  }
  return { seen, offsets };
}

test('whatever happened is told as the clock of the machine showed it, to the second', () => {
  fc.assert(
    fc.property(life(fc.integer({ min: -9 * HOUR, max: 9 * HOUR })), (steps) => {
      const { seen, offsets } = lived(steps);
      for (const { at, wall } of seen) expect(Math.abs(wallOf(offsets, at) - wall)).toBeLessThan(SECOND);
    }),
  );
});

test('where the machine has only slept both clocks tell the same of what happened', () => {
  const asleep = fc.integer({ min: 2 * SECOND, max: 9 * HOUR });
  fc.assert(
    fc.property(life(asleep), (steps) => {
      const { seen, offsets } = lived(steps);
      for (const { at } of seen) expect(steadyOf(offsets, wallOf(offsets, at))).toBe(at);
      const walls = seen.map(({ wall }) => steadyOf(offsets, wall - HOUR));
      expect(walls).toEqual(walls.toSorted((a, b) => a - b));
    }),
  );
});
