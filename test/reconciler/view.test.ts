import { describe, expect, test } from 'vitest';
import type { Phase, ReasonCode } from '../../src/reconciler/types.ts';
import { type AgentView, viewOf } from '../../src/reconciler/view.ts';
import {
  all,
  base,
  type Change,
  code,
  died,
  HOUR,
  history,
  MINUTE,
  NOW,
  newCommand,
  newLabel,
  noSession,
  nothing,
  obstacle,
  operation,
  removedFromFile,
  restart,
  restartAsked,
  SECOND,
  sessionOf,
  sessions,
  spec,
  spoilt,
  stoppedByPerson,
} from './base.ts';

function viewed(change: Change, agent = 'worker'): AgentView {
  const view = viewOf(spoilt(change)).find((one) => one.agent === agent);
  if (!view) throw new Error(`no agent ${agent} in this view`);
  return view;
}

const ended = died('worker', code(3), { at: NOW - SECOND / 2 });
const hold = { reason: { code: 'oom_killed' }, since: NOW, fingerprint: undefined } as const;
const long = NOW - HOUR;

const ROWS: readonly (readonly [string, Change, Phase, ReasonCode | undefined, number | undefined])[] = [
  ['all is well', nothing, 'ready', undefined, long],
  ['taken over', history('worker', undefined), 'ready', undefined, undefined],
  ['to be replaced', newCommand('worker'), 'ready', 'config_changed', long],
  ['to be changed in place', newLabel('worker'), 'ready', undefined, long],
  ['to be started anew by a person', restartAsked('worker'), 'ready', 'user_requested', long],
  ['came back after a failure', history('worker', { reason: { code: 'oom_killed' } }), 'ready', 'oom_killed', long],
  ['being started', operation('worker', 'starting'), 'starting', 'user_requested', NOW - SECOND],
  ['being stopped', operation('worker', 'stopping'), 'stopping', 'user_requested', NOW - SECOND],
  ['to be started', noSession('worker'), 'starting', 'not_running', NOW],
  ['waiting for its time', ended, 'backoff', 'exited', NOW - SECOND / 2],
  ['held', all(ended, history('worker', { hold })), 'held', 'oom_killed', NOW - SECOND / 2],
  ['to be held', died('worker', code(127)), 'held', 'command_not_found', NOW],
  [
    'something is in the way',
    all(noSession('worker'), obstacle('worker', { code: 'workdir_missing', path: '/gone' })),
    'held',
    'workdir_missing',
    long,
  ],
  ['completed', all(restart('worker', { policy: 'never' }), died('worker', code(0))), 'completed', 'exited', NOW],
  [
    'failed, never to be restarted',
    all(restart('worker', { policy: 'never' }), ended),
    'stopped',
    'exited',
    NOW - SECOND / 2,
  ],
  ['stopped by a person', all(ended, stoppedByPerson('worker')), 'stopped', 'user_requested', NOW - SECOND / 2],
  ['to be stopped by a person', stoppedByPerson('worker'), 'stopping', 'user_requested', long],
  ['disabled', all(spec('worker', { enabled: false }), noSession('worker')), 'disabled', 'disabled', long],
  ['to be disabled', spec('worker', { enabled: false }), 'stopping', 'disabled', long],
  ['no longer in the file', removedFromFile('worker'), 'stopping', 'removed_from_file', long],
  ['a second session', sessions('worker', sessionOf('worker', 3), sessionOf('worker', 9)), 'ready', undefined, long],
];

describe('one agent', () => {
  test.each(ROWS)('%s', (_, change, phase, reason, since) => {
    const view = viewed(change);
    expect([view.phase, view.reason?.code, view.since]).toEqual([phase, reason, since]);
  });

  test('that keeps failing and is restarted all the same, in its back-off and while it runs', () => {
    const notify = restart('worker', { crash_loop: { restarts: 2, window: 10 * MINUTE, action: 'notify' } });
    const failures = [NOW - 2, NOW - 1, NOW];
    const again = died('worker', code(3), {}, { failures, attempt: 3 });
    expect(viewed(all(notify, again))).toMatchObject({ phase: 'backoff', reason: { code: 'crash_looping' } });
    const back = all(
      again,
      sessions('worker', sessionOf('worker', 3, { run: 'worker-2' })),
      history('worker', { run: 'worker-2', unanswered: false }),
    );
    expect(viewed(all(notify, back))).toMatchObject({
      phase: 'ready',
      reason: { code: 'crash_looping', last: code(3) },
    });
    expect(viewed(back).reason?.code).toBe('exited');
    const longAgo = history('worker', { failures: failures.map((at) => at - HOUR) });
    expect(viewed(all(notify, back, longAgo)).reason?.code).toBe('exited');
  });

  test('waiting for another agent', () => {
    expect(viewed(all(noSession('api'), noSession('db')), 'api')).toMatchObject({
      phase: 'pending',
      reason: { code: 'dependency_not_ready', agents: ['db'] },
    });
  });

  test('never heard of: since when is not known', () => {
    const waiting = spec('late', { depends_on: { db: { condition: 'completed' } } });
    expect(viewed(waiting, 'late')).toMatchObject({ phase: 'pending', since: undefined });
  });

  test('says when it comes back', () => {
    expect(viewed(ended).nextActionAt).toBe(NOW + SECOND / 2);
    expect(viewed(nothing).nextActionAt).toBeUndefined();
  });

  test('counts the failures of the window', () => {
    const failures = [NOW - HOUR, NOW - MINUTE, NOW];
    expect(viewed(died('worker', code(3), {}, { failures })).recentFailures).toBe(2);
  });

  test('names the settings that differ from what runs', () => {
    expect(viewed(newLabel('worker')).drift).toEqual(['labels.team']);
    expect(viewed(all(newLabel('worker'), ended)).drift).toEqual([]);
    expect(viewed(nothing).drift).toEqual([]);
  });
});

describe('the colony', () => {
  const names = (change: Change) => viewOf(spoilt(change)).map(({ agent }) => agent);

  test('every agent of the file, sorted', () => expect(names(spec('aaa', {}))).toEqual(['aaa', 'api', 'db', 'worker']));
  test('and every session of ours that it does not know', () => {
    expect(names(sessions('old', sessionOf('old', 4)))).toEqual(['api', 'db', 'old', 'worker']);
  });
  test('an unknown world: all are unknown, in the same order', () => {
    const world = { ...base(), observed: { known: false, at: NOW, why: 'timed out' } } as const;
    const mixed = { ...world, desired: { ...world.desired, agents: new Map([...world.desired.agents].reverse()) } };
    expect(viewOf(mixed).map(({ agent, phase, reason }) => [agent, phase, reason?.code])).toEqual([
      ['api', 'unknown', 'tmux_unreachable'],
      ['db', 'unknown', 'tmux_unreachable'],
      ['worker', 'unknown', 'tmux_unreachable'],
    ]);
  });
});
