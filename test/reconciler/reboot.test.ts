import { describe, expect, test } from 'vitest';
import { notice } from '../../src/reconciler/notice.ts';
import type { AgentSpec, Event } from '../../src/reconciler/types.ts';
import { all, type Change, history, NOW, nothing, SERVER, spec, spoilt } from './base.ts';

/** The machine was rebooted while the colony ran, and a new tmux server stands where the old one was. */
const rebooted: Change = (world) => ({
  ...world,
  ledger: { ...world.ledger, server: { ...SERVER, boot: 'first' } },
  observed: {
    ...world.observed,
    boot: 'second',
    server: { pid: 20, start: '7', boot: 'second' },
    sessions: new Map(),
  },
});

const wants = (on_reboot: AgentSpec['on_reboot']): Change => spec('db', { on_reboot });
const held = (code: 'user_requested' | 'crash_loop'): Change => {
  const reason = code === 'crash_loop' ? ({ code, restarts: 5, window: 1 } as const) : ({ code } as const);
  return history('db', { hold: { reason, since: NOW, fingerprint: undefined } });
};

const inWords = (event: Event): string => {
  if (event.type === 'server_lost') return event.rebooted ? 'rebooted' : 'server lost';
  if (event.type === 'held' || event.type === 'released') return `${event.agent} ${event.type}: ${event.reason.code}`;
  return event.type;
};

describe('after a reboot', () => {
  test.each<[string, Change, readonly string[]]>([
    ['it is written down what has happened', nothing, ['rebooted', 'server_started']],
    ['an agent that ran runs again', wants('start'), ['rebooted', 'server_started']],
    ['one that was stopped by a person stays so', held('user_requested'), ['rebooted', 'server_started']],
    [
      'unless the file says that it starts',
      all(wants('start'), held('user_requested')),
      ['db released: rebooted', 'rebooted', 'server_started'],
    ],
    [
      'one that kept failing is tried again if the file says that it starts',
      all(wants('start'), held('crash_loop')),
      ['db released: rebooted', 'rebooted', 'server_started'],
    ],
    [
      'one that is to stay down does, and that is known before anything else',
      wants('stay_down'),
      ['db held: rebooted', 'rebooted', 'server_started'],
    ],
    [
      'that is not said of one that is held already',
      all(wants('stay_down'), held('user_requested')),
      ['rebooted', 'server_started'],
    ],
    [
      'another server in the same boot is no reboot',
      (world) => ({ ...world, observed: { ...world.observed, boot: 'first' } }),
      ['server lost', 'server_started'],
    ],
    [
      'nor is one where nobody can tell',
      (world) => ({ ...world, observed: { ...world.observed, boot: undefined } }),
      ['server lost', 'server_started'],
    ],
  ])('%s', (_, change, expected) =>
    expect(
      notice(spoilt(all(rebooted, change)))
        .slice(0, 3)
        .map(inWords)
        .slice(0, expected.length),
    ).toEqual(expected),
  );

  test('the same pid and start time in another boot are another server', () => {
    const world = spoilt(rebooted);
    const server = { ...SERVER, boot: 'second' };
    const [first] = notice({ ...world, observed: { ...world.observed, server } });
    expect(first).toMatchObject({ type: 'server_lost', rebooted: true });
  });
});
