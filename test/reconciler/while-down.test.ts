import { describe, expect, test } from 'vitest';
import type { Exit } from '../../src/reconciler/types.ts';
import type { RestartSpec } from '../../src/spec/restart.ts';
import {
  all,
  appliedOf,
  type Change,
  code,
  died,
  HOUR,
  history,
  inWords,
  MINUTE,
  NOW,
  newCommand,
  newLabel,
  pane,
  restart,
  restartSpec,
  SECOND,
  signal,
  situationIn,
  specOf,
  spoilt,
  unknownExit,
} from './base.ts';

const rows = (table: readonly (readonly [string, Change, string])[]) =>
  test.each(table)('%s', (_, change, expected) => expect(inWords(situationIn(spoilt(change)))).toBe(expected));

const failedTimes = (count: number, from = NOW): Change => {
  const failures = Array.from({ length: count }, (_, index) => from - index * SECOND).reverse();
  return died('db', code(3), { at: from }, { failures, attempt: count });
};

/** What each policy says to each exit, long after the wait. */
const ANSWERS: readonly (readonly [string, Exit, Readonly<Record<RestartSpec['policy'], string>>])[] = [
  ['exit code 0', code(0), answers('startable: exited', 'completed: exited', 'completed: exited')],
  ['exit code 1', code(1), answers('startable: exited', 'startable: exited', 'stopped: exited')],
  ['exit code 3', code(3), answers('startable: exited', 'startable: exited', 'stopped: exited')],
  ['signal 9', signal(9), answers('startable: signaled', 'startable: signaled', 'stopped: signaled')],
  ['nobody knows', unknownExit, answers('startable: exited', 'startable: exited', 'stopped: exited')],
  ['exit code 126', code(126), always('failing: command_not_executable')],
  ['exit code 127', code(127), always('failing: command_not_found')],
];

function answers(keepRunning: string, onFailure: string, never: string): Record<RestartSpec['policy'], string> {
  return { always: keepRunning, 'unless-stopped': keepRunning, 'on-failure': onFailure, never };
}

function always(answer: string): Record<RestartSpec['policy'], string> {
  return answers(answer, answer, answer);
}

describe('an end that nobody asked for', () => {
  describe.each(ANSWERS)('%s', (_, exit, byPolicy) => {
    test.each(Object.entries(byPolicy) as [RestartSpec['policy'], string][])('%s: %s', (policy, expected) => {
      const world = spoilt(restart('db', { policy }), died('db', exit, { at: NOW - MINUTE }));
      expect(inWords(situationIn(world))).toBe(expected);
    });
  });

  rows([
    ['the wait is on', died('db', code(3)), 'backoff: exited'],
    ['the wait is nearly over', died('db', code(3), { at: NOW - SECOND + 1 }), 'backoff: exited'],
    ['the wait is over', died('db', code(3), { at: NOW - SECOND }), 'startable: exited'],
    ['for the first time, after 5 s: no wait', died('db', code(3), { uptime: 5 * SECOND }), 'startable: exited'],
    [
      'for the second time, after 5 s: a wait',
      died('db', code(3), { uptime: 5 * SECOND }, { attempt: 2 }),
      'backoff: exited',
    ],
    [
      'no wait is wished',
      all(restart('db', { backoff: { ...restartSpec.backoff, initial: 0 } }), died('db', code(3))),
      'startable: exited',
    ],
    ['a success is waited for as well', died('db', code(0)), 'backoff: exited'],
    [
      'another code is never to be answered',
      all(restart('db', { never_restart_exit_codes: [3] }), died('db', code(3), { at: NOW - MINUTE })),
      'failing: exited',
    ],
    [
      'no code is never to be answered',
      all(restart('db', { never_restart_exit_codes: [] }), died('db', code(127), { at: NOW - MINUTE })),
      'startable: exited',
    ],
    [
      'another code is success',
      all(restart('db', { policy: 'on-failure', success_exit_codes: [3] }), died('db', code(3), { at: NOW - MINUTE })),
      'completed: exited',
    ],
  ]);

  test('says until when it waits', () => {
    const world = spoilt(died('db', code(3), { at: NOW - SECOND }, { attempt: 4 }));
    expect(situationIn(world)).toMatchObject({ is: 'backoff', until: NOW + 7 * SECOND });
  });
});

describe('crash loops', () => {
  const loop = (action: RestartSpec['crash_loop']['action']) =>
    restart('db', { crash_loop: { ...restartSpec.crash_loop, action } });
  rows([
    ['five failures are five restarts', failedTimes(5), 'backoff: exited'],
    ['the sixth is one too many', failedTimes(6), 'failing: crash_loop'],
    [
      'one of the six is long ago',
      died('db', code(3), {}, { attempt: 6, failures: [NOW - HOUR, NOW, NOW, NOW, NOW, NOW] }),
      'backoff: exited',
    ],
    ['only told, and not one too many: goes on', all(loop('notify'), failedTimes(5)), 'backoff: exited'],
    ['only told: goes on, and says so', all(loop('notify'), failedTimes(6)), 'backoff: crash_looping'],
    [
      'only told: comes back when its wait is over',
      all(loop('notify'), failedTimes(6, NOW - MINUTE)),
      'startable: exited',
    ],
    ['off: goes on', all(loop('off'), failedTimes(60)), 'backoff: exited'],
    [
      'one restart allowed',
      all(restart('db', { crash_loop: { restarts: 1, window: MINUTE, action: 'hold' } }), failedTimes(2)),
      'failing: crash_loop',
    ],
    [
      'held',
      all(
        failedTimes(6),
        history('db', {
          hold: { reason: { code: 'crash_loop', restarts: 5, window: MINUTE }, since: NOW, fingerprint: 'v1:db' },
        }),
      ),
      'held: crash_loop',
    ],
    [
      'held, long after the window',
      all(
        failedTimes(6, NOW - 5 * HOUR),
        history('db', {
          hold: {
            reason: { code: 'crash_loop', restarts: 5, window: MINUTE },
            since: NOW - 5 * HOUR,
            fingerprint: 'v1:db',
          },
        }),
      ),
      'held: crash_loop',
    ],
    [
      'held, and the file has other settings since',
      all(
        failedTimes(6),
        newCommand('db'),
        history('db', {
          applied: appliedOf(specOf('db')),
          hold: { reason: { code: 'crash_loop', restarts: 5, window: MINUTE }, since: NOW, fingerprint: 'v1:db' },
        }),
      ),
      'startable: config_changed',
    ],
  ]);
});

describe('work that was done by its own sign', () => {
  const signed = (fingerprint = 'v1:db', name: 'work_done' | 'user_requested' = 'work_done'): Change => {
    const reason = name === 'work_done' ? { code: name, text: 'DONE' } : { code: name };
    return all(
      died('db', signal(15), { unplanned: false }, { unanswered: false }),
      history('db', { hold: { reason, since: NOW, fingerprint, stops: true } }),
    );
  };
  rows([
    ['stays so', signed(), 'stopped: work_done'],
    ['stays so, whatever changes in place', all(signed(), newLabel('db')), 'stopped: work_done'],
    ['is begun anew with other settings', all(signed(), newCommand('db')), 'called: config_changed'],
    [
      'is ended before it is begun anew',
      all(signed(), pane('db', { state: 'alive', pane: '%2', pid: 5 }), newCommand('db')),
      'stopped: work_done',
    ],
    [
      'unless a person has stopped it',
      all(signed('v1:db', 'user_requested'), newCommand('db')),
      'stopped: user_requested',
    ],
  ]);
});
