import { describe, expect, test } from 'vitest';
import { teardown } from '../../src/reconciler/teardown.ts';
import {
  all,
  type Change,
  code,
  died,
  noSession,
  nothing,
  operation,
  removedFromFile,
  sessionOf,
  sessions,
  spoilt,
} from './base.ts';

const planned = (change: Change) =>
  teardown(spoilt(change)).actions.map(({ do: what, agent, reason }) => `${what} ${agent}: ${reason.code}`);

describe('the plan that leaves nothing behind', () => {
  test.each<readonly [string, Change, readonly string[]]>([
    ['all of them, one that is needed later', nothing, ['remove api: user_requested', 'remove worker: user_requested']],
    [
      'the one that was needed, once nobody needs it',
      all(noSession('api'), noSession('worker')),
      ['remove db: user_requested'],
    ],
    [
      'the dead as well',
      all(noSession('api'), noSession('worker'), died('db', code(1))),
      ['remove db: user_requested'],
    ],
    [
      'those that the file does not know',
      all(noSession('api'), noSession('db'), noSession('worker'), sessions('old', sessionOf('old', 4))),
      ['remove old: user_requested'],
    ],
    [
      'nobody is started on the way out',
      all(noSession('api'), noSession('worker'), removedFromFile('db')),
      ['remove db: user_requested'],
    ],
    [
      'what is on its way already is left to it',
      all(noSession('api'), noSession('worker'), operation('db', 'stopping')),
      [],
    ],
    ['nothing is left', all(noSession('api'), noSession('db'), noSession('worker')), []],
  ])('%s', (_, change, expected) => expect(planned(change)).toEqual(expected));
});
