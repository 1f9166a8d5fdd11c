import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLooping } from '../../src/reconciler/crash-loop.ts';
import { emptyLedger, hasLiveRun, noHistory, record } from '../../src/reconciler/ledger.ts';
import type { Event, History, Ledger } from '../../src/reconciler/types.ts';
import { load } from '../config/memory.ts';
import {
  appliedOf,
  base,
  code,
  HOUR,
  historyOf,
  lastExitOf,
  NOW,
  restartSpec,
  SECOND,
  signal,
  specOf,
  unknownExit,
} from './base.ts';
import { frozen } from './frozen.ts';
import { anyEvent, anyJournal } from './journals.ts';

const applied = appliedOf(specOf('db', { fingerprint: 'v1:new' }));
const started = {
  type: 'started',
  agent: 'db',
  reason: { code: 'exited', exit: code(3) },
  generation: 2,
  run: 'db-2',
  started: NOW - 1,
  pid: 7,
  applied,
} as const satisfies Event;
const exited = {
  type: 'exited',
  agent: 'db',
  exit: code(3),
  ended: NOW - SECOND,
  generation: 1,
  run: 'db-1',
  uptime: SECOND,
  oom: false,
  healthy: false,
  reason: { code: 'exited', exit: code(3) },
} as const satisfies Event;
const stopping = { type: 'stopping', agent: 'db', run: 'db-1', reason: { code: 'disabled' } } as const satisfies Event;
const removed = { type: 'removed', agent: 'db', run: 'db-1', reason: { code: 'disabled' } } as const satisfies Event;

const live = historyOf(specOf('db'));
const spent: Partial<History> = {
  unanswered: true,
  attempt: 2,
  failures: [1, 2],
  restarts: 1,
  lastExit: lastExitOf('db', code(3)),
};

/** What becomes of an agent's history by one event. */
function historyAfter(event: Event, before: Partial<History> = {}): History | undefined {
  const ledger = { ...emptyLedger, agents: new Map([['db', { ...live, ...before }]]) };
  return record(ledger, { ...event, seq: 8, at: NOW }).agents.get('db');
}

const ROWS: readonly (readonly [string, Event, Partial<History>, Partial<History>])[] = [
  [
    'a start',
    started,
    {},
    { generation: 2, run: 'db-2', started: NOW - 1, applied, reason: started.reason, restarts: 0, changed: NOW },
  ],
  [
    'a start that answers a failure counts as a restart',
    started,
    spent,
    { restarts: 2, unanswered: false, attempt: 2 },
  ],
  [
    'a start with other settings after a failure is no restart',
    { ...started, reason: { code: 'config_changed', fields: ['command'] } },
    spent,
    { restarts: 1, unanswered: false },
  ],
  [
    'a start ends a hold and a stop',
    started,
    {
      hold: { reason: { code: 'oom_killed' }, since: 1, fingerprint: undefined },
      ending: { run: 'db-1', reason: { code: 'disabled' } },
    },
    { hold: undefined, ending: undefined },
  ],
  [
    'a start during which a person stopped it leaves it stopped',
    started,
    { hold: { reason: { code: 'user_requested' }, since: 1, fingerprint: undefined }, hurry: true },
    { hold: { reason: { code: 'user_requested' }, since: 1, fingerprint: undefined }, hurry: true, run: 'db-2' },
  ],
  [
    'a stop by a person who does not want to wait',
    { type: 'held', agent: 'db', reason: { code: 'user_requested' }, fingerprint: undefined, now: true },
    {},
    { hurry: true, reason: { code: 'user_requested' } },
  ],
  [
    'a restart for a person who does not want to wait',
    { type: 'restart_requested', agent: 'db', run: 'db-1', now: true },
    {},
    { replace: 'db-1', hurry: true },
  ],
  ['a start ends the hurry', started, { replace: 'db-1', hurry: true }, { replace: undefined, hurry: false }],
  [
    'a release ends the hurry',
    { type: 'released', agent: 'db', reason: { code: 'user_requested' } },
    { hurry: true },
    { hurry: false },
  ],
  [
    'an adoption of a life that answered a failure counts as its restart, and ends a hold as a start does',
    { type: 'adopted', agent: 'db', generation: 2, run: 'db-2', started: NOW - 1, pid: 7 },
    { ...spent, hold: { reason: { code: 'oom_killed' }, since: 1, fingerprint: undefined } },
    { restarts: 2, unanswered: false, attempt: 2, hold: undefined },
  ],
  [
    'an adoption leaves a stop by a person in force',
    { type: 'adopted', agent: 'db', generation: 2, run: 'db-2', started: NOW - 1, pid: 7 },
    { hold: { reason: { code: 'user_requested' }, since: 1, fingerprint: undefined } },
    { hold: { reason: { code: 'user_requested' }, since: 1, fingerprint: undefined } },
  ],
  [
    'an adoption: the life is taken over, the settings in force are kept',
    { type: 'adopted', agent: 'db', generation: 4, run: 'db-4', started: NOW - HOUR, pid: 7 },
    spent,
    { generation: 4, run: 'db-4', unanswered: false, attempt: 2, applied: live.applied, reason: { code: 'adopted' } },
  ],
  ['an update', { type: 'updated', agent: 'db', fields: ['labels'], applied }, {}, { applied, reason: live.reason }],
  ['a stop', stopping, {}, { ending: { run: 'db-1', reason: stopping.reason }, reason: stopping.reason }],
  ['a stop of a second session is not its own', { ...stopping, reason: { code: 'duplicate' } }, {}, live],
  [
    'an end that nobody asked for',
    exited,
    {},
    {
      unanswered: true,
      attempt: 1,
      failures: [NOW - SECOND],
      reason: exited.reason,
      lastExit: {
        ...code(3),
        run: 'db-1',
        generation: 1,
        at: NOW - SECOND,
        uptime: SECOND,
        oom: false,
        unplanned: true,
        fingerprint: 'v1:db',
        tail: [],
      },
    },
  ],
  [
    'the last lines of the life that ended',
    { type: 'last_lines', agent: 'db', run: 'db-1', tail: ['bye'] },
    { lastExit: lastExitOf('db', code(3)) },
    { lastExit: { ...lastExitOf('db', code(3)), tail: ['bye'] } },
  ],
  ['the last lines of an earlier life', { type: 'last_lines', agent: 'db', run: 'db-0', tail: ['bye'] }, spent, spent],
  ['a further one', exited, { attempt: 2, failures: [1, 2] }, { attempt: 3, failures: [1, 2, NOW - SECOND] }],
  ['one after a healthy time', { ...exited, healthy: true }, { attempt: 6 }, { attempt: 1, unanswered: true }],
  [
    'it was said that it keeps failing',
    { type: 'crash_looping', agent: 'db', restarts: 5, window: 1 },
    spent,
    { ...spent, looping: true },
  ],
  ['that stands when it fails again', exited, { looping: true }, { looping: true }],
  ['that is over after a healthy time', { ...exited, healthy: true }, { looping: true }, { looping: false }],
  [
    'that is over when a person starts it',
    { type: 'released', agent: 'db', reason: { code: 'user_requested' } },
    { looping: true },
    { looping: false },
  ],
  [
    'a trial of it is not its own story',
    { type: 'circuit_trial', agent: 'db', run: 'db-1' },
    spent,
    { ...live, ...spent },
  ],
  [
    'an end that was written down already is nothing new',
    exited,
    { lastExit: lastExitOf('db', signal(15), { unplanned: false }) },
    { unanswered: false, attempt: 0, failures: [], lastExit: lastExitOf('db', signal(15), { unplanned: false }) },
  ],
  [
    'the end of a life that was being stopped is no failure',
    exited,
    { ending: { run: 'db-1', reason: { code: 'disabled' } } },
    { unanswered: false, attempt: 0, failures: [], ending: undefined, reason: { code: 'disabled' } },
  ],
  [
    'the stop of an earlier life excuses nothing',
    exited,
    { ending: { run: 'db-0', reason: { code: 'disabled' } } },
    { unanswered: true, attempt: 1, ending: undefined },
  ],
  ['a late report about an earlier life changes nothing', { ...exited, run: 'db-0', generation: 0 }, {}, live],
  [
    'a removal after the end',
    removed,
    spent,
    { unanswered: false, reason: removed.reason, attempt: 2, lastExit: spent.lastExit },
  ],
  [
    'a removal takes the life with it, and that is no failure',
    removed,
    { ending: { run: 'db-1', reason: removed.reason } },
    {
      unanswered: false,
      attempt: 0,
      ending: undefined,
      lastExit: lastExitOf('db', unknownExit, { unplanned: false, uptime: HOUR }),
    },
  ],
  ['a removal of another life changes nothing', { ...removed, run: 'db-0' }, {}, live],
  ['a removal of a second session is not its own', { ...removed, reason: { code: 'duplicate' } }, {}, live],
  [
    'a hold',
    { type: 'held', agent: 'db', reason: { code: 'oom_killed' }, fingerprint: 'v1:db' },
    spent,
    { hold: { reason: { code: 'oom_killed' }, since: NOW, fingerprint: 'v1:db' }, unanswered: true, attempt: 2 },
  ],
  [
    'a release makes a new beginning',
    { type: 'released', agent: 'db', reason: { code: 'user_requested' } },
    { ...spent, hold: { reason: { code: 'oom_killed' }, since: 1, fingerprint: undefined } },
    { hold: undefined, failures: [], attempt: 0, unanswered: false, restarts: 1, reason: { code: 'user_requested' } },
  ],
  [
    'a person wants this life replaced',
    { type: 'restart_requested', agent: 'db', run: 'db-1' },
    spent,
    { ...spent, replace: 'db-1' },
  ],
  ['a start grants that wish', started, { replace: 'db-1' }, { replace: undefined }],
  ['a failed action', { type: 'failed', agent: 'db', action: 'spawn', why: 'refused' }, spent, { ...live, ...spent }],
  ['processes that were left over', { type: 'killed_leftovers', agent: 'db', pids: [4] }, spent, { ...live, ...spent }],
  [
    'the tmux server is lost, and with it what ran',
    { type: 'server_lost', agents: 1 },
    {},
    {
      unanswered: false,
      attempt: 0,
      reason: { code: 'tmux_server_lost' },
      lastExit: lastExitOf('db', unknownExit, { unplanned: false, uptime: HOUR }),
    },
  ],
  [
    'the tmux server is lost during a stop: the stop is the reason',
    { type: 'server_lost', agents: 1 },
    { ending: { run: 'db-1', reason: { code: 'disabled' } } },
    { ending: undefined, reason: { code: 'disabled' } },
  ],
  [
    'the tmux server is lost, and this one had ended before',
    { type: 'server_lost', agents: 0 },
    spent,
    { ...live, ...spent },
  ],
  ['an event about the colony', { type: 'down' }, spent, { ...live, ...spent }],
];

describe('one event', () => {
  test.each(ROWS)('%s', (_, event, before, expected) => expect(historyAfter(event, before)).toMatchObject(expected));

  test('of an agent that was never heard of begins its history', () => {
    const { agents } = record(emptyLedger, { ...stopping, seq: 1, at: NOW });
    expect(agents.get('db')).toEqual({
      ...noHistory,
      ending: { run: 'db-1', reason: stopping.reason },
      reason: stopping.reason,
      changed: NOW,
    });
  });

  test('leaves the other agents alone', () => {
    const before = base().ledger;
    const { agents } = record(before, { ...exited, seq: 8, at: NOW });
    expect(agents.get('api')).toBe(before.agents.get('api'));
  });

  test('of a type that a newer colony wrote changes nothing but the number and the time of the last entry', () => {
    const unheard = { type: 'sang', agent: 'db', seq: 9, at: NOW } as unknown as Parameters<typeof record>[1];
    expect(record(base().ledger, unheard)).toEqual({ ...base().ledger, seq: 9, at: NOW });
  });
});

describe('the colony', () => {
  const following = (event: Event, ledger: Ledger = emptyLedger) => record(ledger, { ...event, seq: 8, at: NOW });
  test('counts on', () => expect(following({ type: 'down' }).seq).toBe(8));
  test('knows its server', () => {
    const server = { pid: 4, start: '9' };
    expect(following({ type: 'server_started', server }).server).toEqual(server);
    expect(following({ type: 'server_lost', agents: 0 }, base().ledger).server).toBeUndefined();
  });
  test('knows its latest start', () => {
    expect(following(started).lastStart).toBe(NOW);
    expect(following(exited, base().ledger).lastStart).toBe(base().ledger.lastStart);
  });
  test('knows what its circuit breaker does', () => {
    const opened = following({ type: 'circuit_opened', agents: ['a', 'b', 'c'] });
    expect(opened.circuit).toEqual({ state: 'open', since: NOW, agents: 3 });
    const tried = following({ type: 'circuit_trial', agent: 'a', run: 'a-1' }, opened);
    expect(tried.circuit).toEqual({ state: 'trial', since: NOW, agents: 3, agent: 'a', run: 'a-1' });
    expect(tried.agents.size).toBe(0);
    const after = following({ type: 'circuit_closed', agents: 2 }, tried);
    expect(after.circuit).toEqual({ state: 'closed', since: NOW, agents: 2 });
  });
  test.each([1, 5, 100])('keeps as many failures as a crash loop of more than %i counts', (restarts) => {
    let ledger: Ledger = { ...emptyLedger, agents: new Map([['db', live]]) };
    for (let life = 1; life <= restarts + 1; life++) {
      const run = `db-${life}`;
      ledger = record(ledger, { ...started, run, seq: 2 * life, at: NOW });
      ledger = record(ledger, { ...exited, run, ended: NOW + life, seq: 2 * life + 1, at: NOW });
    }
    const spec = { ...restartSpec, crash_loop: { restarts, window: HOUR, action: 'hold' as const } };
    const history = ledger.agents.get('db') ?? noHistory;
    expect(isLooping(spec, history, NOW + restarts + 1)).toBe(true);
    expect(isLooping(spec, history, NOW + restarts + 1 + HOUR)).toBe(false);
  });
  test('the greatest number of restarts that may be written is tried above', () => {
    expect(load('agents: {a: {command: x, restart: {crash_loop: {restarts: 100}}}}').ok).toBe(true);
    expect(load('agents: {a: {command: x, restart: {crash_loop: {restarts: 101}}}}').ok).toBe(false);
  });
  test('forgets failures that no crash loop could count', () => {
    const failures = Array.from({ length: 500 }, (_, index) => index);
    const kept = historyAfter(exited, { failures })?.failures ?? [];
    expect(kept.length).toBeLessThanOrEqual(500);
    expect(kept.at(-1)).toBe(exited.ended);
  });
});

test.each([
  ['started, and its end is not known', live, true],
  ['never started', noHistory, false],
  ['ended', { ...live, lastExit: lastExitOf('db', signal(9)) }, false],
  ['started again since its last end', { ...live, run: 'db-2', lastExit: lastExitOf('db', signal(9)) }, true],
])('whether a run is believed to live: %s', (_, history, expected) => expect(hasLiveRun(history)).toBe(expected));

describe('laws of the fold', () => {
  const fold = (journal: readonly Event[], start: Ledger = base().ledger) =>
    journal.reduce((ledger, event, index) => record(ledger, { ...event, seq: index + 1, at: NOW + index }), start);

  test('touches nothing that it was given', () => {
    fc.assert(
      fc.property(anyJournal, anyEvent, (journal, event) => {
        const before = frozen(fold(journal));
        expect(() => record(before, frozen({ ...event, seq: 99, at: NOW }))).not.toThrow();
      }),
    );
  });

  test('the same journal gives the same ledger', () => {
    fc.assert(
      fc.property(anyJournal, (journal) => {
        expect(fold(journal)).toEqual(fold(structuredClone(journal)));
      }),
    );
  });

  test('stopping anywhere and going on gives the same as going through', () => {
    fc.assert(
      fc.property(anyJournal, fc.nat(20), (journal, cut) => {
        const stepped = journal.reduce((ledger, event, index) => {
          const kept = index === cut ? fromText(toText(ledger)) : ledger;
          return record(kept, { ...event, seq: index + 1, at: NOW + index });
        }, base().ledger);
        expect(fromText(toText(stepped))).toEqual(fromText(toText(fold(journal))));
      }),
    );
  });

  test('survives JSON: nothing but undefined fields is lost', () => {
    fc.assert(
      fc.property(anyJournal, (journal) => {
        const ledger = fold(journal);
        expect(fromText(toText(ledger))).toEqual(ledger);
      }),
    );
  });
});

/** As a snapshot keeps it: the map of agents as pairs, undefined fields left out. */
const toText = (ledger: Ledger): string => JSON.stringify({ ...ledger, agents: [...ledger.agents] });

function fromText(text: string): Ledger {
  const read = JSON.parse(text) as Omit<Ledger, 'agents'> & { agents: [string, History][] };
  return { ...read, agents: new Map(read.agents) };
}
