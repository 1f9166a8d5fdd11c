import { describe, expect, test } from 'vitest';
import type { PolicyView } from '../../src/policies/index.ts';
import { noHistory } from '../../src/reconciler/ledger.ts';
import type { AgentSpec } from '../../src/reconciler/types.ts';
import { silences } from '../../src/supervisor/why/silence.ts';
import { doing, HOUR, MINUTE, NOW, specOf, viewOf } from '../policies/base.ts';

const notify = { do: 'notify' } as const;
const telemetry = (context: number | undefined) => ({
  telemetry: { at: NOW, model: undefined, context, contextAt: NOW, cost: undefined, limits: [] },
});

describe('why nothing is done', () => {
  test.each<[string, Partial<AgentSpec>, Partial<PolicyView>, string | undefined]>([
    ['nobody asks', {}, {}, undefined],
    ['something is said', { waiting: { after: 0, action: notify } }, { vitals: doing('waiting', NOW) }, undefined],
    ['it does not run', { waiting: { after: 0, action: notify } }, { alive: false }, undefined],
    [
      'the context is not full',
      { context: { above: 0.85, action: notify } },
      { vitals: doing('idle', NOW, {}, telemetry(0.4)) },
      'context: its context is 40% full, and that is less than 85%',
    ],
    [
      'of the context nothing is known',
      { context: { above: 0.85, action: notify } },
      { vitals: doing('idle', NOW, {}, telemetry(undefined)) },
      'context: how full its context is now it has not told yet',
    ],
    [
      'it is busy',
      { idle: { after: HOUR, action: notify, times: 3 } },
      { vitals: doing('busy', NOW) },
      'idle: it is not idle',
    ],
    [
      'it is idle since a moment ago',
      { idle: { after: HOUR, action: notify, times: 3 } },
      { vitals: doing('idle', NOW - MINUTE) },
      'idle: it is idle, and that counts in 59m',
    ],
    [
      'it was told often enough',
      { idle: { after: 1, action: { send: 'x' }, times: 3 } },
      {
        vitals: doing('idle', NOW - HOUR),
        history: { ...noHistory, typings: { idle: { times: 3, at: NOW - HOUR } } },
      },
      'idle: this was done 3 of 3 times, and no person was there since',
    ],
    [
      'no limit',
      { limit: { action: notify, stagger: 0 } },
      { vitals: doing('busy', NOW) },
      'limit: it has not reached a usage limit',
    ],
    [
      'a limit that is not reset',
      { limit: { action: notify, stagger: 0 } },
      { vitals: doing('limited', NOW, { until: NOW + HOUR - 1 }) },
      'limit: this counts in 1h30s, if it has not gone on by itself',
    ],
    [
      'a limit that was reset',
      { limit: { action: notify, stagger: 0 } },
      { vitals: doing('limited', NOW - HOUR, { until: NOW - MINUTE }, { prompted: NOW }) },
      'limit: it was given a prompt since its limit was reset',
    ],
    [
      'nobody is waited for',
      { waiting: { after: HOUR, action: notify } },
      { vitals: doing('busy', NOW) },
      'waiting: it waits for nobody',
    ],
    [
      'somebody is waited for since a moment ago',
      { waiting: { after: HOUR, action: notify } },
      { vitals: doing('waiting', NOW) },
      'waiting: it waits for a person, and that counts in 1h',
    ],
    [
      'the work goes on',
      { completion: { output: 'x', answer: undefined } },
      {},
      'completion: nothing has said yet that its work is done',
    ],
    [
      'it is young',
      { max_age: { after: 2 * HOUR, jitter: 0, when: 'now', wait: 0 } },
      {},
      'max_age: it is not old enough for another 1h',
    ],
  ])('%s', (_name, patch, view, expected) => {
    const found = silences(specOf('db', patch), viewOf(view));
    expect(found.map(({ policy, text }) => `${policy}: ${text}`)).toEqual(expected === undefined ? [] : [expected]);
  });
});
