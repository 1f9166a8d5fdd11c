import { expect, test } from 'vitest';
import { ageOf, isoOf, onWall, resetOf } from '../../src/supervisor/wall-time.ts';

const HOUR = 3_600_000;
const SLEPT = [{ since: 1_000, ahead: -8 * HOUR }];

test('an instant is told by the clock of the machine', () => {
  expect(isoOf(SLEPT, 999)).toBe('1970-01-01T00:00:00.999Z');
  expect(isoOf(SLEPT, 1_000)).toBe('1970-01-01T08:00:01.000Z');
  expect(isoOf(SLEPT, undefined)).toBeNull();
  expect(resetOf(SLEPT, 60_000)).toBe('1970-01-01T08:01:00.000Z');
});

test('what was before a sleep is ago for as long as people think', () => {
  expect(ageOf(SLEPT, 500, 2_000)).toBe(8 * HOUR + 1_500);
  expect(ageOf(SLEPT, 1_000, 2_000)).toBe(1_000);
  expect(ageOf(SLEPT, 3_000, 2_000)).toBe(0);
});

test('all instants of an entry, and nothing else, are brought over', () => {
  const entry = {
    ...{ seq: 4_000, at: 2_000, type: 'exited', ended: 1_500, uptime: 5_000, exit: { code: 3 }, generation: 2_000 },
    telemetry: { at: 1_200, contextAt: 500, limits: [{ name: 'week', used: 1, resets: 9_000 }] },
    reason: { code: 'limit_reset', until: 3_000 },
    started: undefined,
  };
  const by = 8 * HOUR;
  expect(onWall(entry, SLEPT)).toEqual({
    ...{ ...entry, at: 2_000 + by, ended: 1_500 + by, reason: { code: 'limit_reset', until: 3_000 + by } },
    telemetry: { ...entry.telemetry, at: 1_200 + by },
  });
  expect(onWall(entry, [])).toBe(entry);
});
