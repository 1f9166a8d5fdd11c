import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryGrowth } from '../../src/policies/memory-growth.ts';
import type { Millis, Sample } from '../../src/reconciler/types.ts';
import type { MemorySpec } from '../../src/spec/memory.ts';
import { HOUR, inWords, MIB, MINUTE, SECOND, samplesOf, specOf, viewOf, vitalsOf } from './base.ts';

const options: MemorySpec = {
  limit: undefined,
  growth: { by: 50 * MIB, within: HOUR },
  for: 30 * SECOND,
  measure: 'rss',
  action: { do: 'notify' },
  when: 'now',
  wait: 10 * MINUTE,
};

const ask = (samples: readonly Sample[], patch: Partial<MemorySpec> = {}) =>
  memoryGrowth(specOf('db', { memory: { ...options, ...patch } }), viewOf({ vitals: vitalsOf(samples) }));

/** Two hours of memory, in MiB, by the hours until now. */
const course = (mib: (hours: number) => number, span: Millis = 2 * HOUR) =>
  samplesOf(span, (age) => ({ rss: Math.round(mib(age / HOUR) * MIB) }), 30 * SECOND);

/** A saw with teeth of ten minutes. */
const saw = (hours: number) => 200 - ((hours * 6) % 1) * 150;

describe('a leak', () => {
  test.each([
    ['steady growth', course((hours) => 400 - 100 * hours), 83],
    ['growth with a collector at work', course((hours) => 400 - 100 * hours + saw(hours)), 83],
    ['growth that slows down', course((hours) => 500 - 100 * hours ** 2), 97],
  ])('%s', (_name, samples, grown) => {
    const { advice = [] } = ask(samples);
    expect(inWords({ advice })).toEqual(['notify: memory_growth']);
    const [reason] = advice.map((each) => each.reason);
    const mib = reason?.code === 'memory_growth' ? reason.grown / MIB : 0;
    expect(Math.abs(mib - grown)).toBeLessThan(5);
  });

  test.each([
    ['flat', course(() => 300)],
    ['a saw', course(saw)],
    ['one big step', course((hours) => (hours > 0.5 ? 100 : 900))],
    ['two steps', course((hours) => (hours > 0.7 ? 100 : hours > 0.3 ? 500 : 900))],
    ['a start-up, and then its level', course((hours) => 500 - 400 * Math.max(0, hours - 0.6))],
    ['growth that ended in time', course((hours) => 500 - 200 * Math.max(0.35, hours))],
    ['growth below what counts', course((hours) => 400 - 40 * hours)],
    ['growth that is not seen for all of the time', course((hours) => 400 - 100 * hours, 0.9 * HOUR)],
    ['shrinking', course((hours) => 400 + 100 * hours)],
    ['nothing', []],
  ])('is not: %s', (_name, samples) => expect(inWords(ask(samples))).toEqual([]));

  test('looks in the way that is asked for', () => {
    const leaking = course((hours) => 400 - 100 * hours);
    expect(inWords(ask(leaking, { measure: 'pss' }))).toEqual([]);
    const shared = leaking.map((sample) => ({ ...sample, rss: 0, pss: sample.rss }));
    expect(inWords(ask(shared, { measure: 'pss' }))).toEqual(['notify: memory_growth']);
  });

  test('needs `growth`, and an action', () => {
    const leaking = course((hours) => 400 - 100 * hours);
    expect(inWords(ask(leaking, { growth: undefined }))).toEqual([]);
    expect(inWords(ask(leaking, { action: { do: 'none' } }))).toEqual([]);
  });

  test('never is what stays within less than counts', () => {
    const level = fc.integer({ min: 0, max: 50 * MIB - 1 });
    fc.assert(
      fc.property(fc.array(level, { minLength: 121, maxLength: 121 }), (levels) => {
        const samples = samplesOf(HOUR, (age) => ({ rss: levels[age / (30 * SECOND)] ?? 0 }), 30 * SECOND);
        expect(inWords(ask(samples))).toEqual([]);
      }),
    );
  });
});
