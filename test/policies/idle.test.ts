import { describe, expect, test } from 'vitest';
import { idle } from '../../src/policies/idle.ts';
import type { PolicyView } from '../../src/policies/index.ts';
import { noHistory } from '../../src/reconciler/ledger.ts';
import type { History } from '../../src/reconciler/types.ts';
import type { ActionSpec } from '../../src/spec/action.ts';
import { doing, HOUR, inWords, MINUTE, NOW, SECOND, specOf, viewOf } from './base.ts';

const send = { send: 'continue' };

const said = (view: Partial<PolicyView> = {}, action: ActionSpec = send) =>
  idle(
    specOf('db', { idle: { after: 10 * MINUTE, action, times: 3 } }),
    viewOf({ vitals: doing('idle', NOW - 10 * MINUTE), ...view }),
  );

const history = (more: Partial<History>) => ({ history: { ...noHistory, started: NOW - HOUR, ...more } });
const typed = (times: number, at = NOW - HOUR) => history({ typings: { idle: { times, at } } });

describe('idle', () => {
  test('for long enough', () => {
    const [advice] = said().advice ?? [];
    expect(advice).toMatchObject({ policy: 'idle', wish: { do: 'send' }, when: 'idle', patience: undefined });
    expect(advice?.reason).toEqual({ code: 'idle', for: 10 * MINUTE, time: 1, times: 3 });
  });

  test('not for long enough: it is looked at again then', () => {
    const vitals = doing('idle', NOW - 9 * MINUTE);
    expect(said({ vitals })).toEqual({ lookAt: NOW + MINUTE });
    expect(said({ vitals: doing('idle', NOW - 10 * MINUTE + 1) }).advice).toBeUndefined();
  });

  test.each<[string, Partial<PolicyView>]>([
    ['is busy', { vitals: doing('busy', NOW - HOUR) }],
    ['waits for a person', { vitals: doing('waiting', NOW - HOUR) }],
    ['has used up its limit', { vitals: doing('limited', NOW - HOUR) }],
    ['does nobody knows what', { vitals: doing('unknown', NOW - HOUR) }],
    ['was not looked at', { vitals: undefined }],
  ])('an agent that %s', (_name, view) => expect(said(view)).toEqual({}));

  test('what was typed is typed again only after the same time, also where nothing came of it', () => {
    const at = NOW - 4 * MINUTE;
    expect(said({ vitals: doing('idle', NOW - HOUR), ...typed(1, at) })).toEqual({ lookAt: at + 10 * MINUTE });
    expect(inWords(said({ vitals: doing('idle', NOW - HOUR), ...typed(1, NOW - 10 * MINUTE) }))).toHaveLength(1);
  });

  test.each<[string, Partial<PolicyView>, ActionSpec, number | undefined]>([
    ['typed twice', typed(2), send, 3],
    ['typed three times', typed(3), send, undefined],
    ['typed three times, and a person before that', { ...typed(3), typed: NOW - HOUR - 1 }, send, undefined],
    ['typed three times, and a person since', { ...typed(3), typed: NOW - HOUR + SECOND }, send, 1],
    ['restarted twice', history({ reason: { code: 'idle', for: 1, time: 2, times: 3 } }), { do: 'restart' }, 3],
    [
      'restarted three times',
      history({ reason: { code: 'idle', for: 1, time: 3, times: 3 } }),
      { do: 'restart' },
      undefined,
    ],
    [
      'restarted three times, and a person was there since',
      { ...history({ reason: { code: 'idle', for: 1, time: 3, times: 3 } }), typed: NOW - MINUTE },
      { do: 'restart' },
      1,
    ],
    ['restarted for another reason', history({ reason: { code: 'max_age', after: 1 } }), { do: 'restart' }, 1],
    ['typed by other settings, and a person is told now', typed(3), { do: 'notify' }, 1],
  ])('%s', (_name, view, action, time) => {
    const [advice] = said(view, action).advice ?? [];
    expect(advice?.reason.code === 'idle' ? advice.reason.time : undefined).toBe(time);
  });

  test('nobody asks', () => {
    expect(said({}, { do: 'none' })).toEqual({});
    expect(idle(specOf('db'), viewOf())).toEqual({});
  });
});
