import { describe, expect, test } from 'vitest';
import type { Veto } from '../../src/reconciler/types.ts';
import {
  advised,
  all,
  type Change,
  code,
  died,
  HOUR,
  history,
  inWords,
  MINUTE,
  NOW,
  newCommand,
  noSession,
  probed,
  removedFromFile,
  restartAsked,
  SECOND,
  situationIn,
  spoilt,
  stoppedByPerson,
  verdict,
} from './base.ts';

const veto = (patch: Partial<Veto>): Change =>
  history('db', { veto: { hook: 'pre_stop', why: 'exit code 1', at: NOW, times: 1, run: 'db-1', ...patch } });
const atStart = (patch: Partial<Veto> = {}): Change => veto({ hook: 'pre_start', run: undefined, ...patch });
const failures = (count: number): Change => history('db', { failures: Array.from({ length: count }, () => NOW) });

describe('a hook that said no', () => {
  test.each<[string, Change, string]>([
    ['to a start', all(noSession('db'), atStart()), 'backoff: hook_failed'],
    ['to a start, long enough ago', all(noSession('db'), atStart({ at: NOW - 2 * SECOND })), 'startable: not_running'],
    [
      'to a start, the fifth time',
      all(noSession('db'), atStart({ times: 5, at: NOW - 2 * SECOND })),
      'backoff: hook_failed',
    ],
    ['to a start, too often', all(noSession('db'), atStart({ at: NOW - HOUR }), failures(6)), 'failing: crash_loop'],
    ['to the start after a crash', all(died('db', code(3), { uptime: MINUTE }), atStart()), 'backoff: hook_failed'],
    ['to a restart by hand', all(restartAsked('db'), veto({})), 'vetoed: hook_failed'],
    [
      'to a restart by hand that is in a hurry',
      all(restartAsked('db'), veto({}), history('db', { hurry: true })),
      'outdated: user_requested',
    ],
    [
      'to a restart by hand, long enough ago',
      all(restartAsked('db'), veto({ at: NOW - 2 * SECOND })),
      'outdated: user_requested',
    ],
    ['to a stop by hand', all(stoppedByPerson('db'), veto({})), 'vetoed: hook_failed'],
    ['to other settings', all(newCommand('db'), veto({})), 'vetoed: hook_failed'],
    ['to the end of one that left the file', all(removedFromFile('db'), veto({})), 'vetoed: hook_failed'],
    ['to a policy', all(advised('db', { do: 'restart' }), veto({})), 'vetoed: hook_failed'],
    [
      'to the end of one that has failed: it has no say',
      all(probed('db', 'liveness', verdict('unhealthy')), veto({})),
      'wanted',
    ],
    ['to the end of an earlier life', all(restartAsked('db'), veto({ run: 'db-0' })), 'outdated: user_requested'],
    ['to something that nobody wants any more', veto({}), 'live'],
  ])('%s', (_, change, expected) => expect(inWords(situationIn(spoilt(change)))).toBe(expected));
});
