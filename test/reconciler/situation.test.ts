import { describe, expect, test } from 'vitest';
import { situationOf } from '../../src/reconciler/situation.ts';
import type { Obstacle } from '../../src/reconciler/types.ts';
import {
  all,
  base,
  type Change,
  code,
  died,
  history,
  inWords,
  lastExitOf,
  MINUTE,
  NOW,
  newCommand,
  newLabel,
  noSession,
  nothing,
  obstacle,
  operation,
  pane,
  removedFromFile,
  restart,
  restartAsked,
  session,
  sessionOf,
  sessions,
  signal,
  situationIn,
  spec,
  specOf,
  spoilt,
  stoppedByPerson,
  unknownExit,
} from './base.ts';

const rows = (table: readonly (readonly [string, Change, string])[]) =>
  test.each(table)('%s', (_, change, expected) => expect(inWords(situationIn(spoilt(change)))).toBe(expected));

describe('what runs', () => {
  rows([
    ['all is well', nothing, 'live'],
    ['other settings that need a new process', newCommand('db'), 'outdated: config_changed'],
    ['other settings that need none', newLabel('db'), 'drifted: config_changed'],
    ['a label of another hash version', session('db', { fingerprint: 'v0:before' }), 'drifted: config_changed'],
    ['a missing label, and the ledger knows', session('db', { fingerprint: undefined }), 'drifted: config_changed'],
    [
      'a missing label, and the ledger knows of other settings',
      all(session('db', { fingerprint: undefined }), newCommand('db')),
      'outdated: config_changed',
    ],
    [
      'a missing label and a lost ledger: taken over as it is',
      all(session('db', { fingerprint: undefined }), history('db', undefined)),
      'drifted: adopted',
    ],
    ['a lost ledger', history('db', undefined), 'drifted: adopted'],
    ['a lost ledger and another process', all(history('db', undefined), newCommand('db')), 'outdated: config_changed'],
    ['a person wants it anew', restartAsked('db'), 'outdated: user_requested'],
    ['a person wanted an earlier life of it replaced', restartAsked('db', 'db-0'), 'live'],
    [
      'a person wants it anew, and its label of the run is gone',
      all(restartAsked('db'), session('db', { run: undefined })),
      'live',
    ],
    ['an obstacle does not touch it', obstacle('db', { code: 'workdir_missing', path: '/gone' }), 'live'],
    [
      'a hold by a crash loop does not touch it',
      history('db', { hold: { reason: { code: 'pane_closed' }, since: NOW, fingerprint: undefined } }),
      'live',
    ],
  ]);

  test('names the fields that changed', () => {
    expect(situationIn(spoilt(newLabel('db')))).toMatchObject({ reason: { fields: ['labels.team'] } });
    expect(situationIn(spoilt(newCommand('db')))).toMatchObject({ reason: { fields: ['command'] } });
  });
});

describe('what must not run', () => {
  rows([
    ['not in the file', removedFromFile('db'), 'orphan'],
    ['disabled', spec('db', { enabled: false }), 'disabled'],
    ['stopped by a person', stoppedByPerson('db'), 'stopped: user_requested'],
    ['stopped by a person while it waited', all(died('db', code(3)), stoppedByPerson('db')), 'stopped: user_requested'],
  ]);
});

describe('what comes before all else', () => {
  test('an unknown world', () => {
    const world = { ...base(), observed: { known: false, at: NOW, why: 'timed out' } } as const;
    const pairing = { agent: 'db', spec: specOf('db'), session: undefined, duplicates: [] };
    expect(inWords(situationOf(pairing, world))).toBe('unknown: tmux_unreachable');
  });
  rows([
    ['an operation in flight', all(removedFromFile('db'), operation('db', 'stopping')), 'operating'],
    [
      'a second session, even of an agent that is to go',
      all(sessions('db', sessionOf('db', 2), sessionOf('db', 4)), removedFromFile('db')),
      'duplicated',
    ],
  ]);
});

describe('what does not run', () => {
  rows([
    ['no session, never was', all(noSession('db'), history('db', undefined)), 'startable: not_running'],
    ['no session', noSession('db'), 'startable: not_running'],
    ['a pane that was never filled', pane('db', { state: 'empty', pane: '%2' }), 'startable: not_running'],
    [
      'a pane that was closed by hand: as a failure of its own reason',
      died('db', unknownExit, {}, { reason: { code: 'pane_closed' } }),
      'backoff: pane_closed',
    ],
    [
      'a session that was closed by hand, waited long enough',
      all(died('db', unknownExit, { at: NOW - MINUTE }, { reason: { code: 'session_closed' } }), noSession('db')),
      'startable: session_closed',
    ],
    [
      'ended on purpose for other settings',
      died(
        'db',
        signal(15),
        { unplanned: false },
        { unanswered: false, reason: { code: 'config_changed', fields: [] } },
      ),
      'startable: config_changed',
    ],
    [
      'lost with the tmux server',
      all(
        noSession('db'),
        history('db', {
          lastExit: lastExitOf('db', unknownExit, { unplanned: false }),
          reason: { code: 'tmux_server_lost' },
        }),
      ),
      'startable: tmux_server_lost',
    ],
    ['waits for another agent', all(noSession('api'), noSession('db')), 'startable: not_running'],
    [
      'failed, and the file has other settings since: at once',
      all(died('db', code(3)), newCommand('db')),
      'startable: config_changed',
    ],
    [
      'completed, and only the hash version is another one',
      all(
        restart('db', { policy: 'on-failure' }),
        died('db', code(0), { fingerprint: 'v0:db' }),
        session('db', { fingerprint: 'v0:db' }),
      ),
      'completed: exited',
    ],
    [
      'completed, and the ledger did not know the settings: its label does',
      all(restart('db', { policy: 'on-failure' }), died('db', code(0), { fingerprint: undefined })),
      'completed: exited',
    ],
    [
      'completed, and the label says that it was by other settings',
      all(
        restart('db', { policy: 'on-failure' }),
        died('db', code(0), { fingerprint: undefined }),
        session('db', { fingerprint: 'v1:before' }),
      ),
      'startable: exited',
    ],
  ]);

  test('waits for the agents that are not there, by name', () => {
    expect(situationIn(spoilt(noSession('api'), noSession('db')), 'api')).toEqual({
      is: 'waiting',
      reason: { code: 'dependency_not_ready', agents: ['db'] },
    });
  });
});

describe('obstacles', () => {
  const OBSTACLES: readonly Obstacle[] = [
    { code: 'workdir_missing', path: '/gone' },
    { code: 'command_not_found', program: 'claude' },
    { code: 'command_not_executable', program: './run' },
    { code: 'name_taken', session: 'db' },
  ];
  test.each(OBSTACLES)('$code: held, with all that is known of it', (found) => {
    expect(situationIn(spoilt(noSession('db'), obstacle('db', found)))).toEqual({ is: 'held', reason: found });
  });
  test('the hold of before is the reason that is named', () => {
    const hold = { reason: { code: 'oom_killed' }, since: NOW, fingerprint: undefined } as const;
    const inTheWay = obstacle('db', { code: 'name_taken', session: 'db' });
    expect(inWords(situationIn(spoilt(died('db', code(3)), inTheWay, history('db', { hold }))))).toBe(
      'held: oom_killed',
    );
  });
});
