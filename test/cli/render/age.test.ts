import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { age, ageOf, until } from '../../../src/cli/render/age.ts';
import { NOW } from '../reports.ts';

describe('age', () => {
  it.each([
    [0, '0s'],
    [999, '0s'],
    [-5_000, '0s'],
    [42_900, '42s'],
    [60_000, '1m'],
    [239_999, '3m'],
    [8_100_000, '2h15m'],
    [7_200_000, '2h'],
    [273_600_000, '3d4h'],
  ])('%i ms is %s', (span, text) => expect(age(span)).toBe(text));

  it('never goes beyond the two largest units, and never rounds up', () => {
    const seconds: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 1e12 }), (span) => {
        const parts = [...age(span).matchAll(/(\d+)([smhd])/g)];
        const shown = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (seconds[unit ?? ''] ?? 0), 0);
        expect(parts.length).toBeLessThanOrEqual(2);
        expect(shown * 1_000).toBeLessThanOrEqual(span);
      }),
    );
  });
});

describe('ageOf and until', () => {
  it.each([
    [ageOf(null, NOW), ''],
    [ageOf('2026-03-01T11:57:00Z', NOW), '3m'],
    [until(null, NOW), ''],
    [until('2026-03-01T12:00:12Z', NOW), 'in 12s'],
    [until('2026-03-01T11:59:59Z', NOW), 'now'],
  ])('%j is %j', (text, expected) => expect(text).toBe(expected));
});
