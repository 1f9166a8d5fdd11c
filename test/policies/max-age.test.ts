import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PolicyView } from '../../src/policies/define.ts';
import { maxAge } from '../../src/policies/max-age.ts';
import type { MaxAgeSpec } from '../../src/spec/schedule.ts';
import { HOUR, MINUTE, NOW, RUN, specOf, viewOf } from './base.ts';

const options: MaxAgeSpec = { after: 24 * HOUR, jitter: 0, when: 'idle', wait: 10 * MINUTE };

const ask = (view: Partial<PolicyView>, patch: Partial<MaxAgeSpec> = {}) =>
  maxAge(specOf('db', { max_age: { ...options, ...patch } }), viewOf(view));

describe('a process that is old', () => {
  test('is restarted', () => {
    expect(ask({ started: NOW - 24 * HOUR }).advice).toEqual([
      {
        policy: 'max_age',
        run: RUN,
        wish: { do: 'restart' },
        reason: { code: 'max_age', after: 24 * HOUR },
        when: 'idle',
        patience: 10 * MINUTE,
      },
    ]);
  });

  test('and before that a time is named', () => {
    expect(ask({ started: NOW - 24 * HOUR + 1 })).toEqual({ lookAt: NOW + 1 });
    expect(ask({ started: undefined })).toEqual({});
    expect(maxAge(specOf('db'), viewOf())).toEqual({});
  });

  test('is told by the steady clock: setting the wall clock ages nobody', () => {
    expect(ask({ started: NOW - HOUR, wall: NOW + 1000 * HOUR }).advice).toBeUndefined();
  });

  test('may be so much older as jitter allows, each life by its own share', () => {
    const runs = fc.uniqueArray(fc.uuid(), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(runs, (names) => {
        const instants = names.map((run) => ask({ run, started: NOW }, { jitter: HOUR }).lookAt ?? 0);
        for (const at of instants) expect(at - NOW - 24 * HOUR).toSatisfy((late: number) => late >= 0 && late <= HOUR);
        expect(new Set(instants).size).toBeGreaterThan(10);
      }),
    );
  });
});
