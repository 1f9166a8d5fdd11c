import { describe, expect, test } from 'vitest';
import { reconcile } from '../../src/reconciler/reconcile.ts';
import type { AgentName } from '../../src/reconciler/types.ts';
import {
  all,
  appliedOf,
  type Change,
  code,
  concurrency,
  died,
  history,
  MINUTE,
  NOW,
  newCommand,
  newLabel,
  noSession,
  nothing,
  operation,
  planned,
  removedFromFile,
  restart,
  SECOND,
  sessionOf,
  sessions,
  spec,
  specOf,
  spoilt,
  stoppedByPerson,
} from './base.ts';

/** The settings in force make the agent need these others. */
const needs = (name: AgentName, ...others: readonly AgentName[]): Change =>
  history(name, { applied: { ...appliedOf(specOf(name)), depends_on: others } });

const gone = (...names: readonly AgentName[]): Change => all(...names.map(removedFromFile));
const lost = all(noSession('api'), noSession('db'), noSession('worker'));
const lastStart =
  (at: number | undefined): Change =>
  (world) => ({ ...world, ledger: { ...world.ledger, lastStart: at } });

describe('ends', () => {
  test.each<readonly [string, Change, readonly string[]]>([
    ['all is well', nothing, []],
    ['one that is needed waits for the one that needs it', gone('api', 'db'), ['remove api: removed_from_file']],
    ['one that is needed waits until the other is gone', all(gone('db'), operation('api', 'stopping')), []],
    ['one that is needed by nobody who leaves goes', gone('db'), ['remove db: removed_from_file']],
    [
      'a start of the other does not hold it back',
      all(gone('db'), operation('api', 'starting')),
      ['remove db: removed_from_file'],
    ],
    [
      'a chain goes one by one',
      all(needs('db', 'worker'), gone('api', 'db', 'worker')),
      ['remove api: removed_from_file'],
    ],
    [
      'a chain goes on when its last one is gone',
      all(needs('db', 'worker'), gone('api', 'db', 'worker'), noSession('api')),
      ['remove db: removed_from_file'],
    ],
    [
      'in a chain one that stays does not hold back what it needs, but one that leaves does',
      all(needs('db', 'worker'), gone('db', 'worker')),
      ['remove db: removed_from_file'],
    ],
    [
      'one that is needed waits for the other also if the file says it no longer does',
      all(spec('api', { depends_on: {} }), gone('db'), stoppedByPerson('api')),
      ['end api: user_requested'],
    ],
    [
      'the session of the other was closed by hand: nobody is left to wait for',
      all(gone('api', 'db'), noSession('api')),
      ['remove db: removed_from_file'],
    ],
    [
      'a replacement does not take down who needs it',
      all(newCommand('db'), needs('worker', 'db')),
      ['end db: config_changed'],
    ],
    [
      'a circle of old and new settings goes all at once',
      all(needs('db', 'api'), gone('api', 'db')),
      ['remove api: removed_from_file', 'remove db: removed_from_file'],
    ],
    [
      'a circle of three goes all at once',
      all(needs('db', 'worker'), needs('worker', 'api'), gone('api', 'db', 'worker')),
      ['remove api: removed_from_file', 'remove db: removed_from_file', 'remove worker: removed_from_file'],
    ],
    [
      'one that a circle needs waits for the circle',
      all(needs('api', 'worker', 'db'), needs('worker', 'api'), gone('api', 'db', 'worker')),
      ['remove api: removed_from_file', 'remove worker: removed_from_file'],
    ],
    ['an agent that needs itself goes', all(needs('db', 'db'), gone('db')), ['remove db: removed_from_file']],
    [
      'a replacement waits for one that needs it and leaves',
      all(gone('api'), newCommand('db')),
      ['remove api: removed_from_file'],
    ],
    [
      'replacements do not wait for one another',
      all(newCommand('api'), newCommand('db', 'third')),
      ['end api: config_changed', 'end db: config_changed'],
    ],
    ['a person stops both', all(stoppedByPerson('api'), stoppedByPerson('db')), ['end api: user_requested']],
    [
      'a change in place waits for nobody',
      all(gone('api'), newLabel('db')),
      ['update db: config_changed', 'remove api: removed_from_file'],
    ],
  ])('%s', (_, change, expected) => expect(planned(spoilt(change))).toEqual(expected));
});

describe('starts', () => {
  const both = ['spawn db: not_running', 'spawn worker: not_running'];
  const one = both.slice(0, 1);
  test.each<readonly [string, Change, readonly string[], number | undefined]>([
    ['room for all', lost, both, undefined],
    ['room for one', all(lost, concurrency(1, 0)), one, undefined],
    ['the room is taken', all(lost, concurrency(1, 0), operation('api', 'starting')), [], undefined],
    ['one that stops takes no room', all(lost, concurrency(1, 0), operation('api', 'stopping')), one, undefined],
    [
      'more are in flight than there is room',
      all(lost, concurrency(1, 0), operation('api', 'starting'), operation('worker', 'starting')),
      [],
      undefined,
    ],
    ['one after another: the first', all(lost, concurrency(8, MINUTE)), one, NOW + MINUTE],
    ['one after another: the only one', all(noSession('db'), concurrency(8, MINUTE)), one, undefined],
    [
      'one after another: too soon after the last',
      all(lost, concurrency(8, MINUTE), lastStart(NOW - SECOND)),
      [],
      NOW + 59 * SECOND,
    ],
    ['one after another: just in time', all(lost, concurrency(8, MINUTE), lastStart(NOW - MINUTE)), one, NOW + MINUTE],
    ['one after another: the very first', all(lost, concurrency(8, MINUTE), lastStart(undefined)), one, NOW + MINUTE],
    [
      'one after another: a start in flight counts as the last',
      all(lost, concurrency(8, MINUTE), operation('api', 'starting', NOW - SECOND)),
      [],
      NOW + 59 * SECOND,
    ],
    ['one after another: nothing to start', concurrency(8, MINUTE), [], undefined],
  ])('%s', (_, change, expected, wakeAt) => {
    const world = spoilt(change);
    expect(planned(world)).toEqual(expected);
    expect(reconcile(world).wakeAt).toBe(wakeAt);
  });

  const chain = all(lost, spec('worker', { depends_on: { api: { condition: 'ready' } } }));
  const back = (name: AgentName): Change => sessions(name, sessionOf(name, 9));
  test.each<readonly [string, Change, readonly string[]]>([
    ['the first of a chain of three', chain, ['spawn db: not_running']],
    ['then the second', all(chain, back('db')), ['spawn api: not_running']],
    ['then the third', all(chain, back('db'), back('api')), ['spawn worker: not_running']],
    [
      'the third does not wait for the first, once the second is there',
      all(chain, back('api')),
      ['spawn db: not_running', 'spawn worker: not_running'],
    ],
    [
      'nobody starts while what it needs is being replaced',
      all(chain, back('db'), newCommand('db')),
      ['end db: config_changed'],
    ],
    [
      'one that needs another to be completed starts when it is',
      all(
        chain,
        spec('api', { depends_on: { db: { condition: 'completed' } } }),
        restart('db', { policy: 'never' }),
        died('db', code(0)),
      ),
      ['spawn api: not_running'],
    ],
  ])('%s', (_, change, expected) => expect(planned(spoilt(change))).toEqual(expected));

  test('the caps hold back starts alone', () => {
    const world = spoilt(noSession('db'), concurrency(0, 0), newLabel('api'), gone('worker'));
    expect(planned(world)).toEqual(['update api: config_changed', 'remove worker: removed_from_file']);
  });
});
