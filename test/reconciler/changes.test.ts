import { describe, expect, test } from 'vitest';
import { changesOf } from '../../src/reconciler/changes.ts';
import {
  all,
  base,
  type Change,
  code,
  concurrency,
  died,
  HOUR,
  history,
  NOW,
  newCommand,
  newLabel,
  noSession,
  nothing,
  obstacle,
  operation,
  removedFromFile,
  restart,
  sessionOf,
  sessions,
  spec,
  spoilt,
  stoppedByPerson,
} from './base.ts';

const changesIn = (change: Change) =>
  changesOf(spoilt(change)).changes.map(({ sign, agent, reason }) => `${sign} ${agent}: ${reason.code}`);

const lost = all(noSession('api'), noSession('db'), noSession('worker'));
const allMissing = ['+ api: dependency_not_ready', '+ db: not_running', '+ worker: not_running'];

describe('what stands between the world and the file', () => {
  test.each<readonly [string, Change, readonly string[]]>([
    ['all is well: nothing', nothing, []],
    ['agents that wait for others are there too', lost, allMissing],
    ['the room for starts hides nothing', all(lost, concurrency(1, 0)), allMissing],
    ['the time between starts hides nothing', all(lost, concurrency(8, HOUR)), allMissing],
    [
      'the order of ends hides nothing',
      all(removedFromFile('api'), removedFromFile('db')),
      ['- api: removed_from_file', '- db: removed_from_file'],
    ],
    ['a replacement', newCommand('db'), ['-/+ db: config_changed']],
    ['a change in place', newLabel('db'), ['~ db: config_changed']],
    ['taken over', history('db', undefined), ['~ db: adopted']],
    ['removed', removedFromFile('db'), ['- db: removed_from_file']],
    ['disabled', spec('db', { enabled: false }), ['- db: disabled']],
    ['stopped by a person', stoppedByPerson('worker'), ['- worker: user_requested']],
    ['a second session', sessions('db', sessionOf('db', 2), sessionOf('db', 9)), ['- db: duplicate']],
    ['dead, and due', died('worker', code(3), { at: NOW - HOUR }), ['+ worker: exited']],
    ['dead, and waiting for its time: it comes back by itself', died('worker', code(3)), []],
    ['completed', all(restart('worker', { policy: 'never' }), died('worker', code(0))), []],
    ['under way', all(noSession('worker'), operation('worker', 'starting')), []],
  ])('%s', (_, change, expected) => expect(changesIn(change)).toEqual(expected));

  test('an unknown world: nothing can be said', () => {
    const world = { ...spoilt(lost), observed: { known: false, at: NOW, why: 'timed out' } } as const;
    expect(changesOf(world)).toEqual({ changes: [], blocked: [] });
  });

  test.each([
    ['a replacement', newCommand('db'), [{ field: 'command', from: 'db', to: 'other' }]],
    ['a change in place', newLabel('db'), [{ field: 'labels.team', from: undefined, to: 'core' }]],
    ['a removal', removedFromFile('db'), []],
    ['a start', noSession('worker'), []],
  ])('%s says what differs', (_, change, expected) => {
    expect(changesOf(spoilt(change)).changes[0]?.differences).toEqual(expected);
  });
});

describe('what ought to run and cannot', () => {
  const blockedIn = (change: Change) =>
    changesOf(spoilt(change)).blocked.map(({ agent, reason }) => `${agent}: ${reason.code}`);
  const hold = { reason: { code: 'oom_killed' }, since: NOW, fingerprint: undefined } as const;

  test.each<readonly [string, Change, readonly string[]]>([
    ['all is well: nobody', nothing, []],
    ['held', all(died('db', code(3)), history('db', { hold })), ['db: oom_killed']],
    ['about to be held', died('db', code(127)), ['db: command_not_found']],
    [
      'something is in the way',
      all(noSession('db'), obstacle('db', { code: 'workdir_missing', path: '/gone' })),
      ['db: workdir_missing'],
    ],
    ['waiting for another is no blockade', lost, []],
    ['stopped by a person is none either', all(noSession('worker'), stoppedByPerson('worker')), []],
  ])('%s', (_, change, expected) => expect(blockedIn(change)).toEqual(expected));

  test('what is blocked is no change', () => {
    expect(changesIn(died('db', code(127)))).toEqual([]);
    expect(changesOf(base()).changes).toEqual([]);
  });
});
