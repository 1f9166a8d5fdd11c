import { describe, expect, test } from 'vitest';
import { completion } from '../../src/policies/completion.ts';
import { explain } from '../../src/reconciler/explain.ts';
import type { Kind, Told } from '../../src/reconciler/types.ts';
import type { CompletionSpec } from '../../src/spec/conversation.ts';
import { doing, NOW, specOf, viewOf } from './base.ts';

const either: CompletionSpec = { output: 'DONE', answer: 'all tasks (are )?done' };

function said(told: Partial<Told>, kind: Kind = 'claude') {
  const spec = specOf('db', { kind, completion: either });
  const [advice] = completion(spec, viewOf({ vitals: doing('idle', NOW, {}, told) })).advice ?? [];
  return advice;
}

const saying = (told: Partial<Told>) => {
  const advice = said(told);
  return advice && explain(advice.reason);
};

describe('completion', () => {
  test('the agent is stopped for good', () => {
    expect(said({ marker: ' DONE ' })).toMatchObject({ policy: 'completion', wish: { do: 'stop' }, when: 'idle' });
    expect(said({ marker: 'DONE' }, 'shell')).toMatchObject({ when: 'now' });
  });

  test('the line is the reason', () => {
    expect(saying({ marker: ' DONE ' })).toBe('its work is done: DONE');
    expect(saying({})).toBeUndefined();
  });

  test('a very long line is cut', () => {
    expect(saying({ marker: `DONE${'x'.repeat(1_000)}` })?.length).toBeLessThan(250);
  });

  test('nobody asks, or nothing is known', () => {
    expect(completion(specOf('db'), viewOf())).toEqual({});
    expect(completion(specOf('db'), viewOf({ vitals: doing('idle', NOW, {}, { marker: 'DONE' }) }))).toEqual({});
    expect(completion(specOf('db', { completion: either }), viewOf())).toEqual({});
  });
});
