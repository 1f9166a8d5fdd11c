import { describe, expect, test } from 'vitest';
import { context } from '../../src/policies/context.ts';
import { noHistory } from '../../src/reconciler/ledger.ts';
import type { Telemetry } from '../../src/reconciler/types.ts';
import type { ActionSpec } from '../../src/spec/action.ts';
import { doing, HOUR, inWords, MINUTE, NOW, specOf, viewOf } from './base.ts';

const telemetry: Telemetry = {
  ...{ at: NOW, model: undefined, context: 0.9, contextAt: NOW - MINUTE, cost: undefined, limits: [] },
};

const said = (more: Partial<Telemetry>, action: ActionSpec = { send: '/compact' }, view = {}) =>
  context(
    specOf('db', { kind: 'claude', context: { above: 0.85, action } }),
    viewOf({ vitals: doing('idle', NOW, {}, { telemetry: { ...telemetry, ...more } }), ...view }),
  );

describe('context', () => {
  test('is full: what is typed waits for an idle agent, for however long', () => {
    expect(said({}).advice).toMatchObject([
      { policy: 'context', wish: { do: 'send', text: '/compact' }, when: 'idle', patience: undefined },
    ]);
    expect(said({}).advice?.[0]?.reason).toEqual({ code: 'context_full', context: 0.9, above: 0.85 });
  });

  test.each<[string, Partial<Telemetry>, readonly string[]]>([
    ['is just as full as that', { context: 0.85 }, ['send: context_full']],
    ['is not so full', { context: 0.84 }, []],
    ['is not known', { context: undefined }, []],
    ['was told by an earlier life', { contextAt: NOW - 2 * HOUR }, []],
    ['was told at a time that nobody knows', { contextAt: undefined }, []],
  ])('which %s', (_name, more, expected) => expect(inWords(said(more))).toEqual(expected));

  test('nothing is known, or nobody asks', () => {
    expect(inWords(said({}, { do: 'none' }))).toEqual([]);
    expect(inWords(said({}, { send: 'x' }, { vitals: undefined }))).toEqual([]);
    expect(inWords(context(specOf('db'), viewOf()))).toEqual([]);
  });

  test('what was told before something was typed for it says nothing any more, once it was emptier in between', () => {
    const typings = { context: { times: 1, at: NOW - MINUTE } };
    const reason = { code: 'context_full', context: 0.9, above: 0.85 } as const;
    const alerts = { context: { level: 'warn', reason, since: NOW - MINUTE } } as const;
    const then = (more: object, contextAt: number) =>
      inWords(said({ contextAt }, { send: 'x' }, { history: { ...noHistory, typings, ...more } }));
    expect(then({ alerts }, NOW - MINUTE)).toEqual(['send: context_full']);
    expect(then({}, NOW - MINUTE)).toEqual([]);
    expect(then({}, NOW - MINUTE + 1)).toEqual(['send: context_full']);
  });

  test('a life that was begun for it is not ended for it again, unless another conversation has filled up', () => {
    const history = {
      ...noHistory,
      started: NOW - HOUR,
      reason: { code: 'context_full', context: 1, above: 1 },
    } as const;
    const conversation = { id: 'c', how: 'discovered', since: NOW - 2 * HOUR } as const;
    const restarts = (more: object) => inWords(said({}, { do: 'restart' }, { history: { ...history, ...more } }));
    expect(inWords(said({}, { do: 'restart' }))).toEqual(['restart: context_full']);
    expect(restarts({})).toEqual(['notify: context_full']);
    expect(restarts({ conversation })).toEqual(['notify: context_full']);
    expect(restarts({ conversation: { ...conversation, since: NOW - MINUTE } })).toEqual(['restart: context_full']);
    expect(inWords(said({}, { send: 'x' }, { history }))).toEqual(['send: context_full']);
  });
});
