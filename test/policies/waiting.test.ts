import { describe, expect, test } from 'vitest';
import type { PolicyView } from '../../src/policies/index.ts';
import { advise } from '../../src/policies/index.ts';
import { waiting } from '../../src/policies/waiting.ts';
import { explain } from '../../src/reconciler/explain.ts';
import type { AgentSpec, Attention } from '../../src/reconciler/types.ts';
import { probeSpec } from '../reconciler/base.ts';
import { doing, HOUR, inWords, MINUTE, NOW, specOf, viewOf } from './base.ts';

const spec: AgentSpec = specOf('db', { kind: 'claude', waiting: { after: 10 * MINUTE, action: { do: 'notify' } } });

const since = (span: number, what?: Attention['for']) => ({
  vitals: doing('waiting', NOW - span, what === undefined ? {} : { for: what }),
});

describe('waiting', () => {
  test.each<[string, Partial<PolicyView>, readonly string[]]>([
    ['waits long enough', since(10 * MINUTE), ['notify: waiting']],
    ['waits not long enough', since(10 * MINUTE - 1), []],
    ['is idle', { vitals: doing('idle', NOW - HOUR) }, []],
    ['was not looked at', { vitals: undefined }, []],
  ])('an agent that %s', (_name, view, expected) => expect(inWords(waiting(spec, viewOf(view)))).toEqual(expected));

  test('it is looked at again when it will have waited long enough', () => {
    expect(waiting(spec, viewOf(since(4 * MINUTE))).lookAt).toBe(NOW + 6 * MINUTE);
  });

  test.each<[Attention['for'], string]>([
    ['permission', 'has waited for a permission for 10m'],
    ['question', 'has waited for an answer for 10m'],
    ['trust', 'has waited for a word that its folder can be trusted for 10m'],
    ['login', 'has waited for a login for 10m'],
    [undefined, 'has waited for a person for 10m'],
  ])('it says what for: %s', (what, text) => {
    const [advice] = waiting(spec, viewOf(since(HOUR, what))).advice ?? [];
    expect(advice && explain(advice.reason)).toBe(text);
  });

  test('a dialog that keeps a program from coming up is told of as well', () => {
    const probes = { ...spec.probes, startup: [probeSpec()] };
    expect(advise({ ...spec, probes }, viewOf(since(HOUR))).advice).toHaveLength(1);
    expect(advise({ ...spec, probes }, viewOf({ ...since(HOUR), alive: false })).advice).toEqual([]);
  });

  test('nobody asks', () => {
    expect(waiting(specOf('db'), viewOf(since(HOUR)))).toEqual({});
    expect(waiting({ ...spec, waiting: { after: 0, action: { do: 'none' } } }, viewOf(since(HOUR)))).toEqual({});
  });
});
