import { describe, expect, test } from 'vitest';
import { completion } from '../../src/policies/completion.ts';
import { explain } from '../../src/reconciler/explain.ts';
import type { Kind, Told } from '../../src/reconciler/types.ts';
import type { CompletionSpec } from '../../src/spec/conversation.ts';
import { doing, HOUR, NOW, specOf, viewOf } from './base.ts';

const either: CompletionSpec = { output: 'DONE', answer: 'all tasks (are )?done' };

function said(told: Partial<Told>, options: Partial<CompletionSpec> = {}, kind: Kind = 'claude') {
  const spec = specOf('db', { kind, completion: { ...either, ...options } });
  const [advice] = completion(spec, viewOf({ vitals: doing('idle', NOW, {}, told) })).advice ?? [];
  return advice;
}

const answer = (text: string, at = NOW) => ({ answer: { text, at } });
const saying = (told: Partial<Told>, options?: Partial<CompletionSpec>) => {
  const advice = said(told, options);
  return advice && explain(advice.reason);
};

describe('completion', () => {
  test('the agent is stopped for good', () => {
    expect(said({ marker: ' DONE ' })).toMatchObject({ policy: 'completion', wish: { do: 'stop' }, when: 'idle' });
    expect(said({ marker: 'DONE' }, {}, 'shell')).toMatchObject({ when: 'now' });
  });

  test.each<[string, Partial<Told>, Partial<CompletionSpec>, string | undefined]>([
    ['a line', { marker: ' DONE ' }, {}, 'its work is done: DONE'],
    ['a line that nobody asks for any more', { marker: 'DONE' }, { output: undefined }, undefined],
    ['an answer', answer('Now all tasks are done.'), {}, 'its work is done: Now all tasks are done.'],
    ['one line of an answer', answer('Well.\nall tasks done\nBye'), {}, 'its work is done: all tasks done'],
    ['the first line', answer('all tasks done\nBye'), { answer: '^all' }, 'its work is done: all tasks done'],
    ['the last line', answer('Well.\nDone'), { answer: '^Done$' }, 'its work is done: Done'],
    ['another answer', answer('more to do'), {}, undefined],
    ['an answer of an earlier life', answer('all tasks done', NOW - 2 * HOUR), {}, undefined],
    ['an answer that nobody asks for', answer('all tasks done'), { answer: undefined }, undefined],
    ['nothing', {}, {}, undefined],
  ])('%s', (_name, told, options, text) => expect(saying(told, options)).toBe(text));

  test('a very long line is cut', () => {
    expect(saying({ marker: `DONE${'x'.repeat(1_000)}` })?.length).toBeLessThan(250);
  });

  test('nobody asks, or nothing is known', () => {
    expect(completion(specOf('db'), viewOf())).toEqual({});
    expect(completion(specOf('db', { completion: either }), viewOf())).toEqual({});
  });
});
