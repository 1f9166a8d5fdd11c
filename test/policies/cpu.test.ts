import { describe, expect, test } from 'vitest';
import { cpu } from '../../src/policies/cpu.ts';
import type { Millis, Sample } from '../../src/reconciler/types.ts';
import type { CpuSpec } from '../../src/spec/cpu.ts';
import { inWords, MINUTE, NOW, RUN, SECOND, samplesOf, specOf, viewOf, vitalsOf } from './base.ts';

const options: CpuSpec = { above: 0.9, for: 5 * MINUTE, while: 'silent', action: { do: 'warn' }, wait: 10 * MINUTE };

const ask = (samples: readonly Sample[], output?: Millis, patch: Partial<CpuSpec> = {}) =>
  cpu(specOf('db', { cpu: { ...options, ...patch } }), viewOf({ vitals: vitalsOf(samples, output) }));

const spinning = samplesOf(10 * MINUTE, () => ({ cpu: 1.2 }));
const almost = samplesOf(10 * MINUTE, (age) => ({ cpu: age === 2 * MINUTE ? 0.5 : 1 }));
const unmeasured = samplesOf(5 * MINUTE, (age) => ({ cpu: age === 5 * MINUTE ? undefined : 1 }));

describe('a program that spins', () => {
  test('keeps the CPU busy and prints nothing', () => {
    expect(ask(spinning).advice).toEqual([
      {
        policy: 'cpu',
        run: RUN,
        wish: { do: 'warn' },
        reason: { code: 'cpu_busy', cpu: 1.2, above: 0.9, for: 5 * MINUTE, silent: true },
        when: 'now',
        patience: 10 * MINUTE,
      },
    ]);
  });

  test.each([
    ['it has printed before that', spinning, NOW - 6 * MINUTE, {}, ['warn: cpu_busy']],
    ['it prints', spinning, NOW - MINUTE, {}, []],
    ['it prints, and that is no excuse', spinning, NOW, { while: 'always' as const }, ['warn: cpu_busy']],
    ['it rests once', almost, undefined, {}, []],
    ['just at the limit', samplesOf(10 * MINUTE, () => ({ cpu: 0.9 })), undefined, {}, []],
    ['seen for too short a time', spinning.slice(-50), undefined, {}, []],
    ['the first look measures nothing', unmeasured, undefined, {}, []],
    ['no action', spinning, undefined, { action: { do: 'none' as const } }, []],
    ['another action', spinning, undefined, { action: { do: 'stop' as const } }, ['stop: cpu_busy']],
    ['a shorter time', spinning.slice(-3), undefined, { for: 10 * SECOND }, ['warn: cpu_busy']],
  ])('%s', (_name, samples, output, patch, said) => expect(inWords(ask(samples, output, patch))).toEqual(said));

  test('is nobody whom nobody asked about', () => {
    expect(cpu(specOf('db'), viewOf({ vitals: vitalsOf(spinning) }))).toEqual({});
    expect(cpu(specOf('db', { cpu: options }), viewOf())).toEqual({});
  });
});
