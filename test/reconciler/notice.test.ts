import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { record } from '../../src/reconciler/ledger.ts';
import { notice } from '../../src/reconciler/notice.ts';
import type { Event } from '../../src/reconciler/types.ts';
import {
  all,
  base,
  breaker,
  type Change,
  circuit,
  code,
  died,
  HOUR,
  history,
  MINUTE,
  NOW,
  newCommand,
  noSession,
  nothing,
  operation,
  pane,
  removedFromFile,
  restart,
  SECOND,
  server,
  session,
  sessionOf,
  sessions,
  signal,
  spoilt,
  type World,
} from './base.ts';
import { anyWorld, NAMES } from './worlds.ts';

const noticed = (world: World): readonly Event[] => notice(world);

/** `exited db: signaled`, `adopted db`, `server_lost`. */
const said = (event: Event): string =>
  [
    event.type,
    'agent' in event && ` ${event.agent}`,
    'reason' in event && typeof event.reason === 'object' && `: ${event.reason.code}`,
  ]
    .filter(Boolean)
    .join('');

const dead = (exit = code(3), at?: number): Change => pane('db', { state: 'dead', pane: '%2', exit, at });
const noSessions = all(noSession('api'), noSession('db'), noSession('worker'));
const nextLife = session('db', { generation: 2, run: 'db-2' });
const other = { pid: 11, start: '200' };
const withoutServer: Change = (world) => ({ ...world, ledger: { ...world.ledger, server: undefined } });

const ROWS: readonly (readonly [string, Change, readonly string[]])[] = [
  ['all is well: nothing', nothing, []],
  ['an end', dead(), ['exited db: exited']],
  ['an end by a signal', dead(signal(9)), ['exited db: signaled']],
  ['an end that is known', died('db', code(3)), []],
  ['a pane that was closed', pane('db', { state: 'gone' }), ['exited db: pane_closed']],
  ['a session that was closed', noSession('db'), ['exited db: session_closed']],
  ['a session that was closed after its end', all(died('db', code(3)), noSession('db')), []],
  ['a life that the ledger does not know', history('db', undefined), ['adopted db']],
  ['a later life than the ledger knows', nextLife, ['adopted db']],
  ['a life that the ledger does not know, and its end', all(nextLife, dead()), ['adopted db', 'exited db: exited']],
  [
    'a life that the ledger does not know, and its closed pane',
    all(nextLife, pane('db', { state: 'gone' })),
    ['adopted db', 'exited db: pane_closed'],
  ],
  ['a session of ours that the file does not know', sessions('old', sessionOf('old', 4)), ['adopted old']],
  [
    'a session that was made and never filled',
    all(history('db', undefined), session('db', { run: undefined, main: { state: 'empty', pane: '%2' } })),
    [],
  ],
  ['a second session', sessions('db', sessionOf('db', 9), sessionOf('db', 2)), []],
  [
    'the end of a second session',
    sessions('db', sessionOf('db', 2), sessionOf('db', 9, { main: { state: 'gone' } })),
    [],
  ],
  ['an end of one that is being started', all(dead(), operation('db', 'starting')), []],
  ['a life of one that is being started', all(nextLife, operation('db', 'starting')), []],
  ['an end of one that is being stopped', all(dead(), operation('db', 'stopping')), ['exited db: exited']],
  ['an agent that is no longer in the file', all(removedFromFile('db'), dead()), ['exited db: exited']],
  ['new settings are not for the journal', newCommand('db'), []],
  ['the server is gone', all(server(undefined), noSessions), ['server_lost']],
  ['the server was replaced', all(server(other), noSessions), ['server_lost', 'server_started']],
  [
    'the server was replaced by one with the same pid',
    all(server({ pid: 10, start: '200' }), noSessions),
    ['server_lost', 'server_started'],
  ],
  [
    'the first server',
    all(withoutServer, (world) => ({ ...world, ledger: { ...world.ledger, agents: new Map() } })),
    ['server_started', 'adopted api', 'adopted db', 'adopted worker'],
  ],
  [
    'the server was replaced, and somebody started an agent in the new one',
    all(server(other), noSessions, sessions('db', sessionOf('db', 1, { generation: 2, run: 'db-2' }))),
    ['server_lost', 'server_started', 'adopted db'],
  ],
];

const notify = restart('db', { crash_loop: { restarts: 2, window: 10 * MINUTE, action: 'notify' } });
const thrice = died('db', code(3), {}, { failures: [NOW - 2, NOW - 1, NOW], attempt: 3 });
const failedAgain = (name: string): Change => died(name, code(3), {}, { attempt: 2 });

describe('what it adds up to', () => {
  test.each<readonly [string, Change, readonly string[]]>([
    ['too many failures', all(notify, thrice), ['crash_looping db']],
    ['just not too many', all(notify, died('db', code(3), {}, { failures: [NOW - 1, NOW] })), []],
    ['one of them is long ago', all(notify, died('db', code(3), {}, { failures: [NOW - HOUR, NOW - 1, NOW] })), []],
    ['it was said before', all(notify, thrice, history('db', { looping: true })), []],
    ['too many failures, which hold it: nobody needs to be told twice', thrice, []],
    ['no longer in the file', all(notify, thrice, removedFromFile('db')), []],
    ['many fail together', all(failedAgain('db'), failedAgain('worker'), breaker({ failures: 2 })), ['circuit_opened']],
    [
      'the pause is over, and nobody waits',
      circuit({ state: 'open', since: NOW - HOUR, agents: 3 }),
      ['circuit_closed'],
    ],
    [
      'what the world shows comes first, and what it adds up to with the next look',
      all(notify, thrice, pane('worker', { state: 'dead', pane: '%3', exit: code(3) })),
      ['exited worker: exited'],
    ],
  ])('%s', (_, change, expected) => expect(noticed(spoilt(change)).map(said)).toEqual(expected));

  test('how many failures within how long', () => {
    expect(noticed(spoilt(notify, thrice))).toEqual([
      { type: 'crash_looping', agent: 'db', restarts: 2, window: 10 * MINUTE },
    ]);
  });
});

describe('what the world shows', () => {
  test.each(ROWS)('%s', (_, change, expected) => expect(noticed(spoilt(change)).map(said)).toEqual(expected));

  test('how many ran when the server was lost', () => {
    expect(noticed(spoilt(all(died('db', code(3)), server(undefined), noSessions)))).toEqual([
      { type: 'server_lost', agents: 2 },
    ]);
  });

  test('whose life is taken over', () => {
    expect(noticed(spoilt(nextLife))).toEqual([
      { type: 'adopted', agent: 'db', generation: 2, run: 'db-2', started: NOW - HOUR, pid: 102 },
    ]);
  });
});

describe('when it ended, and how long it had lived', () => {
  const first = (...changes: readonly Change[]) => noticed(spoilt(...changes))[0];

  test('tmux is not asked for what is seen at once: its clock has whole seconds', () => {
    expect(first(dead(code(3), NOW - SECOND))).toMatchObject({ ended: NOW, uptime: HOUR });
  });
  test('tmux knows what nobody was there to see', () => {
    expect(first(dead(code(3), NOW - MINUTE))).toMatchObject({ ended: NOW - MINUTE, uptime: HOUR - MINUTE });
  });
  test('the clock was set back: no life is shorter than none', () => {
    expect(first(dead(), session('db', { started: NOW + HOUR }))).toMatchObject({ uptime: 0 });
  });
  test('nobody knows when it was started', () => {
    expect(first(dead(), session('db', { started: undefined }))).toMatchObject({ uptime: undefined, healthy: false });
  });
  test.each([
    ['shorter than reset_after', 10 * MINUTE - 1, false],
    ['as long as reset_after', 10 * MINUTE, true],
  ])('%s', (_, uptime, healthy) => {
    expect(first(dead(), session('db', { started: NOW - uptime }))).toMatchObject({ uptime, healthy });
  });
  test('an agent that is no longer in the file has no measure of health', () => {
    expect(first(removedFromFile('db'), dead())).toMatchObject({ healthy: false });
  });
});

const CONCLUSIONS: ReadonlySet<Event['type']> = new Set([
  'conversation',
  'attention',
  'attention_over',
  'crash_looping',
  'circuit_opened',
  'circuit_trial',
  'circuit_closed',
  'alert',
  'alert_over',
  'deferral_over',
]);

describe('laws', () => {
  const learn = (world: World): World => ({
    ...world,
    ledger: noticed(world).reduce(
      (ledger, event) => record(ledger, { ...event, seq: ledger.seq + 1, at: world.now }),
      world.ledger,
    ),
  });

  test('what was noticed once is not noticed again, and neither is what it adds up to', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const seen = learn(world);
        expect(noticed(seen).filter((event) => !CONCLUSIONS.has(event.type))).toEqual([]);
        // One who leaves a conversation makes room in it for another.
        const settled = NAMES.reduce(learn, seen);
        expect(noticed(settled)).toEqual([]);
      }),
    );
  });

  test('the order of maps and lists does not matter', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { observed, ledger } = world;
        const turned = new Map([...observed.sessions].reverse().map(([agent, found]) => [agent, [...found].reverse()]));
        const mixed = {
          ...world,
          observed: { ...observed, sessions: turned },
          ledger: { ...ledger, agents: new Map([...ledger.agents].reverse()) },
        };
        expect(noticed(mixed)).toEqual(noticed(world));
      }),
    );
  });

  test('all is well: nothing', () => expect(noticed(base())).toEqual([]));
});
