import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Sample } from '../../../src/reconciler/types.ts';
import { withSample } from '../../../src/supervisor/vitals/samples.ts';

const sample = (at: number, cpu: number | undefined = 0.5): Sample => ({
  at,
  rss: at,
  pss: undefined,
  cpu,
  processes: 1,
  tools: 0,
});

const taken = (times: readonly number[], horizon: number, cpu?: (at: number) => number) =>
  times.reduce<readonly Sample[]>((kept, at) => withSample(kept, sample(at, cpu?.(at)), horizon), []);

const every5s = (count: number) => Array.from({ length: count }, (_, i) => (i + 1) * 5_000);

test('what nobody looks back to is forgotten, but for one that tells where the time begins', () => {
  expect(taken(every5s(20), 30_000).map(({ at }) => at / 5_000)).toEqual([14, 15, 16, 17, 18, 19, 20]);
});

test('five minutes are kept one by one', () => {
  expect(taken(every5s(200), 300_000)).toHaveLength(61);
});

test('the CPU of two that become one is that of the time of both', () => {
  const hour = 3_600_000;
  const kept = taken(every5s(720), hour, (at) => (at % 10_000 === 0 ? 1 : 0));
  for (const { cpu } of kept.slice(1, -60)) expect(cpu).toBeCloseTo(0.5, 0);
  const used = kept.slice(1).reduce((sum, { at, cpu = 0 }, i) => sum + cpu * (at - (kept[i]?.at ?? at)), 0);
  expect(used / ((kept.at(-1)?.at ?? 0) - (kept[0]?.at ?? 0))).toBeCloseTo(0.5, 2);
});

test('there are never more than 240, all of the horizon is covered, and the order is that of time', () => {
  const gaps = fc.array(fc.integer({ min: 500, max: 9_000 }), { minLength: 1, maxLength: 900 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 60_000, max: 4_000_000 }), (steps, horizon) => {
      let at = 0;
      const times = steps.map((step) => {
        at += step;
        return at;
      });
      const kept = taken(times, horizon);
      expect(kept.length).toBeLessThanOrEqual(240);
      expect(kept.at(-1)?.at).toBe(at);
      expect(kept.map((one) => one.at)).toEqual(kept.map((one) => one.at).sort((a, b) => a - b));
      const [first] = times;
      expect(kept[0]?.at).toBeLessThanOrEqual(Math.max(first ?? 0, at - horizon));
    }),
    { numRuns: 50 },
  );
});
