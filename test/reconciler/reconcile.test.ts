import { describe, expect, test } from 'vitest';
import { reconcile } from '../../src/reconciler/reconcile.ts';
import {
  all,
  appliedOf,
  base,
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
  obstacle,
  operation,
  pane,
  planned,
  removedFromFile,
  restartAsked,
  SECOND,
  session,
  sessionOf,
  sessions,
  signal,
  spec,
  specOf,
  spoilt,
  stoppedByPerson,
  unknownExit,
} from './base.ts';

/** Held after a crash loop of a process with this fingerprint; the wait of the back-off is long over. */
const heldFor = (fingerprint: string | undefined): Change =>
  all(
    died('db', code(3), { at: NOW - MINUTE, fingerprint }),
    history('db', {
      applied: { ...appliedOf(specOf('db')), fingerprint: fingerprint ?? 'v1:db' },
      hold: { reason: { code: 'crash_loop', restarts: 5, window: 10 * MINUTE }, since: NOW, fingerprint },
    }),
  );

const ROWS: readonly (readonly [string, Change, readonly string[]])[] = [
  ['all is well: nothing to do', nothing, []],

  ['a missing session', noSession('worker'), ['spawn worker: not_running']],
  ['an agent that is new in the file', spec('new', {}), ['spawn new: not_running']],
  ['a dead pane, waited long enough', died('db', code(3), { at: NOW - 2 * SECOND }), ['respawn db: exited']],
  ['a dead pane, the wait still on', died('db', code(3)), []],
  ['ended by a signal', died('db', signal(9), { at: NOW - 2 * SECOND }), ['respawn db: signaled']],
  ['ended by the kernel', died('db', signal(9), { at: NOW - 2 * SECOND, oom: true }), ['respawn db: oom_killed']],
  ['ended, and nobody knows how', died('db', unknownExit, { at: NOW - 2 * SECOND }), ['respawn db: exited']],
  ['cannot be executed', died('db', code(126)), ['hold db: command_not_executable']],
  ['not found', died('db', code(127)), ['hold db: command_not_found']],
  ['a pane that was never filled', pane('db', { state: 'empty', pane: '%2' }), ['respawn db: not_running']],
  ['a pane that was closed', pane('db', { state: 'gone' }), ['respawn db: not_running']],

  ['settings that need a new process', newCommand('db'), ['end db: config_changed']],
  ['settings that need none', newLabel('db'), ['update db: config_changed']],
  ['a label of another hash version', session('db', { fingerprint: 'v0:db' }), ['update db: config_changed']],
  ['a label that is missing', session('db', { fingerprint: undefined }), ['update db: config_changed']],
  ['the ledger is lost', history('db', undefined), ['update db: adopted']],
  [
    'the ledger is lost, and the file asks for another process',
    all(history('db', undefined), newCommand('db')),
    ['end db: config_changed'],
  ],

  ['removed from the file', removedFromFile('worker'), ['remove worker: removed_from_file']],
  ['disabled', spec('worker', { enabled: false }), ['remove worker: disabled']],
  ['disabled and not there', all(spec('worker', { enabled: false }), noSession('worker')), []],
  ['disabled and dead', all(spec('db', { enabled: false }), died('db', code(1))), ['remove db: disabled']],
  ['stopped by a person', stoppedByPerson('worker'), ['end worker: user_requested']],
  ['stopped by a person, and down', all(died('worker', code(0)), stoppedByPerson('worker')), []],
  ['stopped by a person, and never there', all(noSession('worker'), stoppedByPerson('worker')), []],
  ['started anew by a person', restartAsked('db'), ['end db: user_requested']],
  ['an operation in flight', all(noSession('db'), operation('db', 'starting')), []],

  ['held for these settings', heldFor('v1:db'), []],
  ['held for other settings', heldFor('v1:before'), ['respawn db: config_changed']],
  ['held by another hash version', heldFor('v0:db'), []],
  ['held for no settings in particular', heldFor(undefined), []],

  [
    'a dependency that does not run',
    all(noSession('api'), noSession('db')),
    // Only `db`: `api` waits.
    ['spawn db: not_running'],
  ],
  ['a dependency that runs', noSession('api'), ['spawn api: not_running']],
  [
    'a dependency that cannot start',
    all(noSession('api'), noSession('db'), obstacle('db', { code: 'workdir_missing', path: '/gone' })),
    [],
  ],
  ['a second session of one agent', sessions('db', sessionOf('db', 2), sessionOf('db', 9)), ['remove db: duplicate']],
  [
    'everything at once: holds, updates, ends, starts',
    all(died('db', code(127)), newLabel('api'), removedFromFile('worker'), spec('new', {})),
    [
      'hold db: command_not_found',
      'update api: config_changed',
      'remove worker: removed_from_file',
      'spawn new: not_running',
    ],
  ],
];

describe('one pass', () => {
  test.each(ROWS)('%s', (_, change, expected) => {
    expect(planned(spoilt(change))).toEqual(expected);
  });

  test('an unknown world gives the empty plan, whatever else is wrong', () => {
    const world = spoilt(noSession('db'), removedFromFile('worker'), died('api', code(1)));
    const blind = { ...world, observed: { known: false as const, at: NOW, why: 'timed out' } };
    expect(reconcile(blind)).toEqual({ actions: [], wakeAt: undefined });
  });

  test('a server that is gone is a world in which nothing runs', () => {
    const world = spoilt(noSession('api'), noSession('db'), noSession('worker'));
    expect(planned({ ...world, observed: { ...world.observed, server: undefined } })).toEqual([
      'spawn db: not_running',
      'spawn worker: not_running',
    ]);
  });
});

describe('when to look again unasked', () => {
  const wakeAt = (...changes: readonly Change[]) => reconcile(spoilt(...changes)).wakeAt;

  test('never, when all is well', () => expect(reconcile(base()).wakeAt).toBeUndefined());
  test('when the wait before a restart is over', () => expect(wakeAt(died('db', code(3)))).toBe(NOW + SECOND));
  test('at the earliest of several times', () => {
    expect(wakeAt(died('db', code(3), {}, { attempt: 4 }), died('worker', code(1), {}, { attempt: 3 }))).toBe(
      NOW + 4 * SECOND,
    );
  });
  test('when the next start is due', () => {
    expect(wakeAt(concurrency(8, MINUTE), noSession('db'), noSession('worker'))).toBe(NOW + MINUTE);
  });
});
