import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PolicyView } from '../../src/policies/index.ts';
import { limit } from '../../src/policies/limit.ts';
import type { Evidence } from '../../src/reconciler/types.ts';
import type { ActionSpec } from '../../src/spec/action.ts';
import { doing, HOUR, inWords, MINUTE, NOW, SECOND, specOf, viewOf } from './base.ts';

const send = { send: 'continue' };
const RESET = NOW - 10 * MINUTE;

const specNamed = (name: string, stagger = 30 * SECOND, action: ActionSpec = send) =>
  specOf(name, { kind: 'codex', limit: { action, stagger } });

const limited = (until: number | undefined, prompted?: number) =>
  doing('limited', NOW - HOUR, until === undefined ? {} : { until }, { prompted });

const said = (view: Partial<PolicyView> = {}, spec = specNamed('db')) =>
  limit(spec, viewOf({ vitals: limited(RESET), ...view }));

/** When an agent of this name goes on. */
function dueOf(name: string, others: readonly string[], spec = specNamed(name), until = NOW + SECOND): number {
  return (limit(spec, viewOf({ vitals: limited(until), others })).lookAt ?? 0) - until;
}

describe('limit', () => {
  test('was reset a while ago', () => {
    expect(said().advice).toMatchObject([
      { policy: 'limit', wish: { do: 'send' }, reason: { code: 'limit_reset', until: RESET } },
    ]);
  });

  test.each<[string, Partial<PolicyView>, readonly string[]]>([
    ['was reset, and the agent works', { vitals: doing('busy', NOW) }, []],
    ['was reset, and the agent is through', { vitals: doing('idle', NOW) }, []],
    ['was reset, and it has been given a prompt since', { vitals: limited(RESET, RESET) }, []],
    ['was met once more by a prompt, before the reset', { vitals: limited(RESET, RESET - 1) }, ['send: limit_reset']],
    ['is reset nobody knows when', { vitals: limited(undefined) }, ['notify: limit_reset']],
    ['nobody has looked at', { vitals: undefined }, []],
    ['will be reset', { vitals: limited(NOW + HOUR) }, []],
  ])('that %s', (_name, view, expected) => expect(inWords(said(view))).toEqual(expected));

  test('nobody asks', () => {
    expect(said({}, specNamed('db', 0, { do: 'none' }))).toEqual({});
    expect(said({}, specOf('db'))).toEqual({});
  });

  test('a time that is told to the minute may be that much too early', () => {
    const exact = NOW + 1;
    expect(dueOf('db', [], specNamed('db', 0), exact)).toBe(30 * SECOND);
    expect(dueOf('db', [], specNamed('db', 0), NOW)).toBe(90 * SECOND);
  });

  test.each<[string, Evidence['state'], number, number]>([
    ['knows the second', 'limited', NOW + 17 * SECOND, 47 * SECOND],
    ['means another reset', 'limited', NOW + HOUR + 1, 90 * SECOND],
    ['means the one before', 'limited', NOW - 1, 90 * SECOND],
    ['says something else', 'waiting', NOW + 17 * SECOND, 90 * SECOND],
  ])('another source that %s', (_name, state, until, expected) => {
    const evidence: Evidence[] = [
      { source: 'screen', state: 'limited', until: NOW, at: NOW, text: '' },
      { source: 'transcript', state, until, at: NOW, text: '' },
    ];
    const vitals = doing('limited', NOW - HOUR, { until: NOW }, { evidence });
    expect((limit(specNamed('db', 0), viewOf({ vitals })).lookAt ?? 0) - NOW).toBe(expected);
  });

  test('a program that goes on by itself has the time to do so', () => {
    expect(dueOf('db', [], { ...specNamed('db', 0), kind: 'claude' })).toBe(2 * MINUTE);
  });

  test('those of one account go on one after another, in the order of their names, whoever asks', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 600 }), (all, seconds) => {
        const due = [...all].sort().map((name) => {
          const others = all.filter((other) => other !== name);
          return dueOf(name, others, specNamed(name, seconds * SECOND));
        });
        const gaps = due.slice(1).map((at, index) => at - (due[index] ?? 0));
        for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(0.8 * seconds * SECOND - 1);
        expect(due[0]).toBeLessThanOrEqual(30 * SECOND + 0.2 * seconds * SECOND);
      }),
    );
  });
});
