import { describe, expect, test } from 'vitest';
import type { Offset, Session } from '../../src/reconciler/types.ts';
import { SteadyTimes } from '../../src/supervisor/steady-times.ts';
import { sessionOf, signal } from '../reconciler/base.ts';

const HOUR = 3_600_000;
const ahead = (by: number, since = 0): readonly Offset[] => [{ since, ahead: by }];
const seen = (patch: Partial<Session> = {}): Session =>
  sessionOf('db', 1, { typed: undefined, output: 5_000, ...patch });

test('who has slept in between brings over what was before as it was', () => {
  expect(new SteadyTimes().of(seen(), ahead(-HOUR, 5_500)).output).toBe(5_000);
});

describe('the times of a session', () => {
  test('are left alone while the clocks agree, and so is the session', () => {
    const session = seen();
    expect(new SteadyTimes().of(session, [])).toBe(session);
  });
  test('are brought over by the difference of the clocks', () => {
    const session = seen({ typed: 7_000, main: { state: 'dead', pane: '%1', exit: signal(9), at: 9_000 } });
    expect(new SteadyTimes().of(session, ahead(-HOUR, -HOUR))).toEqual({
      ...session,
      typed: 7_000 - HOUR,
      output: 5_000 - HOUR,
      main: { ...session.main, at: 9_000 - HOUR },
    });
  });
  test('that are not known stay so', () => {
    const session = seen({ output: undefined });
    expect(new SteadyTimes().of(session, ahead(HOUR))).toBe(session);
  });
  test('do not move when the clock is set later: an old output gets no older', () => {
    const times = new SteadyTimes();
    times.of(seen(), []);
    expect(times.of(seen(), ahead(-HOUR, 5_500)).output).toBe(5_000);
    expect(times.of(seen({ output: HOUR + 6_000 }), ahead(-HOUR, 5_500)).output).toBe(6_000);
  });
  test('of a session that was gone in between are told anew', () => {
    const times = new SteadyTimes();
    times.of(seen(), []);
    times.keepOnly(new Map());
    expect(times.of(seen(), ahead(HOUR)).output).toBe(5_000 + HOUR);
  });
});

test('sessions whose times were brought over before are the very same', () => {
  const [old, fresh] = [seen(), sessionOf('web', 2, { output: 8_000 })];
  const all = new Map([
    ['db', [old]],
    ['web', [fresh]],
  ]);
  const brought = new SteadyTimes().ofAll(all, ahead(HOUR), new Map([['db', [old]]]));
  expect(brought.get('db')?.[0]).toBe(old);
  expect(brought.get('web')?.[0]?.output).toBe(8_000 + HOUR);
});
