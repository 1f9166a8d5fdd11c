import { describe, expect, test } from 'vitest';
import { notice } from '../../../src/reconciler/notice.ts';
import {
  helpersKilled,
  killedForMemory,
  recent,
  type Suspect,
  suspectsIn,
  withCause,
} from '../../../src/supervisor/vitals/deaths.ts';
import type { Unexplained } from '../../../src/supervisor/vitals/oom.ts';
import { all, base, type Change, code, history, NOW, pane, session, signal, spoilt } from '../../reconciler/base.ts';

const dead = (exit = signal(9)): Change => pane('db', { state: 'dead', pane: '%1', exit });

const suspects = (change: Change): readonly Suspect[] => {
  const { observed, ledger } = spoilt(change);
  return suspectsIn(observed, base().observed, ledger);
};

const [db] = suspects(dead());
const web: Suspect = { agent: 'web', run: 'web-1', pid: 4, exit: signal(9) };

describe('a program may have been killed for want of memory', () => {
  test.each<[string, Change, readonly string[]]>([
    ['if SIGKILL ended it', dead(), ['db']],
    ['if a shell says that SIGKILL ended its program', dead(code(137)), ['db']],
    ['but not if another signal did', dead(signal(15)), []],
    ['but not if it said goodbye', dead(code(1)), []],
    [
      'but not if colony has stopped it',
      all(dead(), history('db', { ending: { run: 'db-1', reason: { code: 'user_requested' } } })),
      [],
    ],
    ['but not if its end was written down before', all(dead(), history('db', { run: 'other' })), []],
    ['but not while it runs', (world) => world, []],
  ])('%s', (_name, change, agents) => {
    expect(suspects(change).map(({ agent }) => agent)).toEqual(agents);
  });

  test('and its pid is the one that was seen before', () => {
    const before = base().observed.sessions.get('db')?.[0]?.main;
    expect(db?.pid).toBe(before?.state === 'alive' ? before.pid : 'alive');
  });
});

const kills = (count: number, victims?: readonly number[]): Unexplained => ({ count, victims, at: NOW });
const pid = db?.pid ?? 0;

describe('it was killed for want of memory', () => {
  const shell: Suspect = { agent: 'sh', run: 'sh-1', pid: 50, exit: code(137) };
  test.each<[string, readonly (Suspect | undefined)[], readonly Unexplained[], readonly string[]]>([
    ['if there was a kill', [db], [kills(1)], ['db']],
    ['but not if there was none', [db], [], []],
    ['but one kill does not tell which of two it was', [db, web], [kills(1)], []],
    ['and two kills are enough for two', [db, web], [kills(1), kills(1)], ['db', 'web']],
    ['if it is named', [db, web], [kills(1, [pid])], ['db']],
    ['but not if others are named', [db], [kills(2, [77, 78])], []],
    ['if its shell says so and its program is named', [shell], [kills(1, [51])], ['sh']],
    ['but not if the program of another shell is', [shell], [kills(1, [61])], []],
    ['if a shell started it that nobody had seen', [shell], [kills(1, [99])], ['sh']],
    ['one by its name, one because a kill is left', [db, web], [kills(1, [pid]), kills(1)], ['db', 'web']],
  ])('%s', (_name, who, news, agents) => {
    const owners = new Map([
      [51, 'sh-1'],
      [61, 'web-1'],
    ]);
    const found = killedForMemory(
      who.flatMap((suspect) => suspect ?? []),
      news,
      (victim) => owners.get(victim),
    );
    expect(found.map(({ agent }) => agent)).toEqual(agents);
  });

  test('and a kill of ten seconds ago has nothing to do with it', () => {
    expect(recent([{ ...kills(1), at: NOW - 10_000 }, kills(0), kills(2)], NOW)).toEqual([kills(2)]);
  });
});

describe('what is written down', () => {
  test.each<[string, readonly Suspect[], object]>([
    ['killed by the kernel', db ? [db] : [], { oom: true, reason: { code: 'oom_killed' } }],
    ['killed by a person', [], { oom: false, reason: { code: 'signaled', exit: signal(9) } }],
  ])('%s', (_name, killed, expected) => {
    const world = spoilt(dead());
    const events = notice({ ...world, observed: withCause(world.observed, killed) });
    expect(events).toMatchObject([{ type: 'exited', agent: 'db', exit: signal(9), ...expected }]);
  });

  test('nobody else is blamed', () => {
    const world = spoilt(all(dead(), session('web', { run: 'web-1' })));
    const marked = withCause(world.observed, db ? [db] : []);
    expect(marked.sessions.get('web')).toEqual(world.observed.sessions.get('web'));
  });
});

describe('a helper of a program that runs on', () => {
  const running = new Map([
    ['a-1', { agent: 'a', pid: 10 }],
    ['b-1', { agent: 'b', pid: 20 }],
  ]);
  const owners = new Map([
    [10, 'a-1'],
    [11, 'a-1'],
    [12, 'a-1'],
    [21, 'b-1'],
    [31, 'over-1'],
  ]);
  test.each<[string, readonly number[] | undefined, readonly string[]]>([
    ['is named', [11], ['a']],
    ['is named with another', [12, 11, 21], ['a', 'b']],
    ['is not named', undefined, []],
    ['is the program itself', [10], []],
    ['belonged to a life that is over', [31], []],
    ['was never seen', [99], []],
  ])('%s', (_name, victims, agents) => {
    const events = helpersKilled({ count: 1, victims }, running, (victim) => owners.get(victim));
    expect(events.map((event) => 'agent' in event && event.agent)).toEqual(agents);
    for (const event of events) expect(event).toMatchObject({ type: 'alert', policy: 'oom', level: 'notify' });
  });
});
