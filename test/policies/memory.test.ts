import { describe, expect, test } from 'vitest';
import { memory } from '../../src/policies/memory.ts';
import type { Sample } from '../../src/reconciler/types.ts';
import type { MemorySpec } from '../../src/spec/memory.ts';
import { inWords, MIB, MINUTE, NOW, RUN, SECOND, samplesOf, specOf, viewOf, vitalsOf } from './base.ts';

const options: MemorySpec = {
  limit: 100 * MIB,
  growth: undefined,
  for: 30 * SECOND,
  measure: 'rss',
  action: { do: 'restart' },
  when: 'idle',
  wait: 10 * MINUTE,
};

const ask = (samples: readonly Sample[], patch: Partial<MemorySpec> = {}) =>
  memory(specOf('db', { memory: { ...options, ...patch } }), viewOf({ vitals: vitalsOf(samples) }));

const flat = (rss: number) => samplesOf(5 * MINUTE, () => ({ rss }));
const since = (age: number, rss: number) => samplesOf(5 * MINUTE, (each) => ({ rss: each <= age ? rss : 0 }));

describe('a limit for memory', () => {
  test('exceeded for long enough', () => {
    expect(ask(flat(101 * MIB)).advice).toEqual([
      {
        policy: 'memory',
        run: RUN,
        wish: { do: 'restart' },
        reason: { code: 'memory_limit', used: 101 * MIB, limit: 100 * MIB, for: 30 * SECOND },
        when: 'idle',
        patience: 10 * MINUTE,
      },
    ]);
  });

  test.each([
    ['exactly at the limit', flat(100 * MIB), {}, []],
    ['for not long enough', since(25 * SECOND, 101 * MIB), {}, []],
    ['for just long enough', since(30 * SECOND, 101 * MIB), {}, ['restart: memory_limit']],
    ['with one breath in between', samplesOf(MINUTE, (age) => ({ rss: age === 10 * SECOND ? 0 : 200 * MIB })), {}, []],
    ['at once, where no time is given', since(0, 101 * MIB), { for: 0 }, ['restart: memory_limit']],
    [
      'proportionally',
      samplesOf(MINUTE, () => ({ pss: 101 * MIB })),
      { measure: 'pss' as const },
      ['restart: memory_limit'],
    ],
    ['proportionally, where the system does not tell', flat(101 * MIB), { measure: 'pss' as const }, []],
    ['another action', flat(101 * MIB), { action: { do: 'warn' as const } }, ['warn: memory_limit']],
    ['a text to type', flat(101 * MIB), { action: { send: '/compact' } }, ['send: memory_limit']],
    ['no action', flat(101 * MIB), { action: { do: 'none' as const } }, []],
    ['no limit', flat(101 * MIB), { limit: undefined }, []],
  ])('%s', (_name, samples, patch, said) => expect(inWords(ask(samples, patch))).toEqual(said));

  test('it says when it will know, so that nobody waits for the next look', () => {
    expect(ask(since(10 * SECOND, 101 * MIB)).measureAt).toBe(NOW + 20 * SECOND);
    expect(ask(flat(100 * MIB)).measureAt).toBeUndefined();
    expect(ask(flat(101 * MIB)).measureAt).toBeUndefined();
  });

  test('nothing was measured yet', () => {
    expect(memory(specOf('db', { memory: options }), viewOf())).toEqual({});
    expect(memory(specOf('db'), viewOf({ vitals: vitalsOf(flat(NOW)) }))).toEqual({});
  });
});
