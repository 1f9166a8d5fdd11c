import { describe, expect, test } from 'vitest';
import { dependenciesMissing } from '../../src/reconciler/depends.ts';
import {
  all,
  type Change,
  code,
  died,
  history,
  NOW,
  newCommand,
  newLabel,
  noSession,
  nothing,
  operation,
  pane,
  restart,
  restartAsked,
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

const CONDITIONS = ['started', 'ready', 'completed'] as const;
type Met = Readonly<Record<(typeof CONDITIONS)[number], boolean>>;

const up: Met = { started: true, ready: true, completed: false };
const down: Met = { started: false, ready: false, completed: false };
const done: Met = { started: true, ready: false, completed: true };

/** The sign that its work is done was seen, and it was ended for that. */
const saidDone = (): Change =>
  all(
    died('db', signal(15), { unplanned: false }, { unanswered: false }),
    history('db', {
      hold: { reason: { code: 'work_done', text: 'DONE' }, since: NOW, fingerprint: 'v1:db', stops: true },
    }),
  );

const ROWS: readonly (readonly [string, Change, Met])[] = [
  ['runs', nothing, up],
  ['runs with settings that will change in place', newLabel('db'), up],
  ['runs, and the ledger was lost', history('db', undefined), up],
  ['is not there', noSession('db'), down],
  ['was made and never filled', pane('db', { state: 'empty', pane: '%2' }), down],
  ['lost its pane', pane('db', { state: 'gone' }), down],
  ['failed', died('db', code(3)), down],
  ['was killed', died('db', signal(9)), down],
  ['ended well', died('db', code(0)), done],
  ['ended well, and its session was closed', all(died('db', code(0)), noSession('db')), done],
  [
    'ended with another code that means success',
    all(restart('db', { success_exit_codes: [3] }), died('db', code(3))),
    done,
  ],
  ['ended well because it was asked to', died('db', code(0), { unplanned: false }, { unanswered: false }), down],
  [
    'ended well by other settings',
    all(died('db', code(0)), newCommand('db'), session('db', { fingerprint: 'v1:db' })),
    down,
  ],
  [
    'runs, though the ledger knows only of an end',
    all(died('db', code(0)), pane('db', { state: 'alive', pane: '%2', pid: 5 })),
    up,
  ],
  ['ended well and is disabled', all(died('db', code(0)), spec('db', { enabled: false })), down],
  ['ended well and is being started again', all(died('db', code(0)), operation('db', 'starting')), down],
  [
    'ended well and was started again',
    all(died('db', code(0)), pane('db', { state: 'alive', pane: '%2', pid: 5 }), history('db', { unanswered: false })),
    up,
  ],
  [
    'ended well, and a person wants it run again',
    all(died('db', code(0)), history('db', { unanswered: false, reason: { code: 'user_requested' } })),
    down,
  ],
  ['said that its work is done, and was stopped', saidDone(), done],
  [
    'said that its work is done, and is still being stopped',
    all(saidDone(), pane('db', { state: 'alive', pane: '%2', pid: 5 })),
    down,
  ],
  ['said that the work of other settings is done', all(saidDone(), newCommand('db')), down],
  ['said that its work is done, and is disabled', all(saidDone(), spec('db', { enabled: false })), down],
  ['ended well, and its run before failed', died('db', code(0), {}, { attempt: 2, failures: [1, 2] }), done],
  ['ended well once, and failed when it was run again', died('db', code(3), { run: 'db-2' }, { run: 'db-2' }), down],
  [
    'was closed by hand, session and all',
    all(noSession('db'), died('db', unknownExit, {}, { reason: { code: 'session_closed' } }), noSession('db')),
    down,
  ],
  ['was closed by hand, and came back', all(session('db', { run: 'db-2' }), history('db', { run: 'db-2' })), up],
  [
    'was replaced, and runs with the new settings',
    all(newCommand('db'), session('db', { fingerprint: 'v1:other' })),
    up,
  ],
  [
    'was ended to be replaced, and does not run yet',
    all(newCommand('db'), died('db', signal(15), { unplanned: false }, { unanswered: false })),
    down,
  ],
  ['is being started', operation('db', 'starting'), down],
  ['is being stopped', operation('db', 'stopping'), down],
  ['is about to be replaced', newCommand('db'), down],
  ['is about to be started anew by a person', restartAsked('db'), down],
  ['was started anew by a person', restartAsked('db', 'db-0'), up],
  ['is about to be stopped by a person', stoppedByPerson('db'), down],
  ['is about to be disabled', spec('db', { enabled: false }), down],
  [
    'has a second session: the one of the latest life counts',
    sessions('db', sessionOf('db', 9, { main: { state: 'gone' } }), sessionOf('db', 2, { generation: 2 })),
    up,
  ],
];

describe.each(ROWS)('an agent that %s', (_, change, met) => {
  test.each(CONDITIONS)('%s', (condition) => {
    const waiting = specOf('late', { depends_on: { db: { condition } } });
    expect(dependenciesMissing(waiting, spoilt(change))).toEqual(met[condition] ? [] : ['db']);
  });
});

test('nothing to wait for', () => expect(dependenciesMissing(specOf('late'), spoilt(noSession('db')))).toEqual([]));

test('names those that are missing and not the others', () => {
  const waiting = specOf('late', {
    depends_on: { worker: { condition: 'ready' }, db: { condition: 'ready' }, api: { condition: 'started' } },
  });
  expect(dependenciesMissing(waiting, spoilt(noSession('db'), noSession('worker')))).toEqual(['worker', 'db']);
});
