import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explain } from '../../src/reconciler/explain.ts';
import { record } from '../../src/reconciler/ledger.ts';
import { notice } from '../../src/reconciler/notice.ts';
import type { AgentName, Reason } from '../../src/reconciler/types.ts';
import { viewOf } from '../../src/reconciler/view.ts';
import {
  advised,
  all,
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
  obstacle,
  operation,
  removedFromFile,
  restart,
  SECOND,
  situationIn,
  spec,
  spoilt,
  stoppedByPerson,
  type World,
} from './base.ts';
import { type Fate, runToRest } from './model.ts';
import { anyExit, anyWorld } from './worlds.ts';

type Waiting = Extract<Reason, { code: 'dependency_not_ready' }>;

function waitingReason(world: World, agent: AgentName): Waiting | undefined {
  const found = situationIn(world, agent);
  return found.is === 'waiting' && found.reason.code === 'dependency_not_ready' ? found.reason : undefined;
}

/** Why `api`, which needs `db` to be ready, waits. */
function why(...changes: readonly Change[]): string {
  const reason = waitingReason(spoilt(noSession('api'), ...changes), 'api');
  return reason ? explain(reason) : 'does not wait';
}

const needs = (
  name: AgentName,
  condition: 'started' | 'ready' | 'completed',
  ...others: readonly AgentName[]
): Change => spec(name, { depends_on: Object.fromEntries(others.map((other) => [other, { condition }])) });

const loop = {
  reason: { code: 'crash_loop', restarts: 5, window: 10 * MINUTE },
  since: NOW,
  fingerprint: 'v1:db',
} as const;
const held = all(died('db', code(3), { at: NOW - MINUTE }), history('db', { hold: loop }));
const signed = {
  reason: { code: 'work_done', text: 'DONE' },
  since: NOW,
  fingerprint: 'v1:db',
  stops: true,
} as const;
const old = { reason: { code: 'max_age', after: HOUR }, since: NOW, fingerprint: 'v1:db', stops: true } as const;
const called = (name: AgentName): Change => advised(name, { do: 'start' }, { run: undefined });
const workdir = { code: 'workdir_missing', path: '/gone' } as const;

describe('a dependency that comes by itself is waited for', () => {
  test.each<readonly [string, Change]>([
    ['it is to be started', noSession('db')],
    ['it is being started', operation('db', 'starting')],
    ['it is in its back-off', died('db', code(3))],
    ['its session was closed by hand', all(noSession('db'), died('db', code(3)))],
    ['the circuit breaker keeps it back', all(died('db', code(3)), circuit({ state: 'open', since: NOW, agents: 3 }))],
    ['it is about to be replaced', newCommand('db')],
    ['it was held for other settings', all(held, newCommand('db'))],
    [
      'it waits for one that comes by itself',
      all(noSession('db'), noSession('worker'), needs('db', 'ready', 'worker')),
    ],
    ['it works, and is to complete', needs('api', 'completed', 'db')],
    ['a policy is about to stop it, and a schedule starts it', all(history('db', { hold: old }), called('db'))],
    [
      'it is about to be stopped as its work is done, and the file asks for other work',
      all(history('db', { hold: signed }), newCommand('db')),
    ],
  ])('%s', (_, change) => expect(why(change)).toBe('waits for db'));
});

describe('a dependency that does not come by itself is told of', () => {
  test.each<readonly [string, Change, string]>([
    ['a crash loop holds it', held, 'is held: it failed more than 5 times within 10m'],
    ['it is about to be held', died('db', code(127)), 'is held: command not found (exit code 127)'],
    [
      'its program is missing',
      all(noSession('db'), obstacle('db', { code: 'command_not_found', program: 'postgres' })),
      'is held: command not found: postgres',
    ],
    [
      'its folder is missing',
      all(noSession('db'), obstacle('db', workdir)),
      'is held: the working directory does not exist: /gone',
    ],
    ['a person stopped it', stoppedByPerson('db'), 'was stopped by a person'],
    ['it is disabled', spec('db', { enabled: false }), 'is disabled in the file'],
    ['it is not in the file', removedFromFile('db'), 'is not in the file'],
    [
      'it has done its work',
      all(restart('db', { policy: 'on-failure' }), died('db', code(0))),
      'has done its work and is not started again',
    ],
    [
      'it has said that its work is done',
      all(noSession('db'), history('db', { hold: signed })),
      'has done its work and is not started again',
    ],
    [
      'it has failed for good',
      all(needs('api', 'completed', 'db'), restart('db', { policy: 'never' }), died('db', code(3))),
      'is not started again: the program ended: exit code 3',
    ],
    [
      'it waits for one that does not come',
      all(noSession('db'), noSession('worker'), needs('db', 'started', 'worker'), obstacle('worker', workdir)),
      'waits for worker, which is held: the working directory does not exist: /gone',
    ],
  ])('%s', (_, change, expected) => expect(why(change)).toBe(`waits for db, which ${expected}`));

  test('of several the one that is stuck', () => {
    expect(why(needs('api', 'ready', 'db', 'worker'), noSession('db'), stoppedByPerson('worker'))).toBe(
      'waits for db, and for worker, which was stopped by a person',
    );
  });

  test('a chain of three says where it ends', () => {
    const chain = all(
      needs('db', 'ready', 'worker'),
      needs('worker', 'ready', 'disk'),
      spec('disk', { enabled: false }),
    );
    expect(why(chain, noSession('db'), noSession('worker'))).toBe(
      'waits for db, which waits for worker, which waits for disk, which is disabled in the file',
    );
  });

  test('a circle of settings of different age has no end to tell of', () => {
    expect(why(noSession('db'), needs('db', 'ready', 'api'))).toBe('waits for db');
  });

  test('status shows it', () => {
    const view = viewOf(spoilt(noSession('api'), held)).find(({ agent }) => agent === 'api');
    expect(view).toMatchObject({ phase: 'pending', reason: { stuck: { agent: 'db', is: 'held' } } });
  });
});

describe('who waits follows a dependency through its restarts', () => {
  const cold = all(
    noSession('api'),
    noSession('db'),
    noSession('worker'),
    ...['api', 'db', 'worker'].map((name) => history(name, undefined)),
  );
  const startTimes = (
    condition: 'started' | 'ready' | 'completed',
    fates: Readonly<Record<AgentName, readonly Fate[]>>,
  ) => {
    const world = spoilt(cold, needs('api', condition, 'db'), needs('db', 'ready', 'worker'));
    const story = runToRest({ world, fates: new Map(Object.entries(fates)), kills: new Set() });
    const started = story?.events.filter((entry) => entry.type === 'started') ?? [];
    return started.map(({ agent, at }) => `${(at - NOW) / SECOND} ${agent}`);
  };
  const starts = (...asked: Parameters<typeof startTimes>) => startTimes(...asked).map((line) => line.split(' ')[1]);

  test('in a chain of three each comes after the one it needs', () => {
    expect(starts('ready', {})).toEqual(['worker', 'db', 'api']);
  });
  test('while the dependency fails and is started again the others wait on', () => {
    const again = { lasts: 0, exit: code(3) };
    expect(starts('ready', { worker: [again, again] })).toEqual(['worker', 'worker', 'worker', 'db', 'api']);
  });
  test('who fails beside its dependency comes back when that is back', () => {
    const together = { lasts: MINUTE, exit: code(3) };
    expect(starts('ready', { worker: [together, { lasts: 0, exit: code(3) }], db: [together] })).toEqual([
      'worker',
      'db',
      'api',
      'worker',
      'worker',
      'db',
    ]);
  });
  test('what has completed and runs again is waited for again', () => {
    const work = { lasts: MINUTE, exit: code(0) };
    const found = startTimes('completed', { db: [work, work], api: [{ lasts: 10, exit: code(3) }] });
    // The wait of `api` is over after a second, and `db` is at work again then.
    expect(found.filter((line) => !line.endsWith('worker'))).toEqual(['0 db', '60 db', '60 api', '120 api', '122 db']);
  });
});

/** A program is at work, or waits for its moment to be made anew. */
const RUNS: ReadonlySet<string> = new Set(['live', 'deferred']);

describe('in any world', () => {
  const fate: fc.Arbitrary<Fate> = fc.record({ lasts: fc.constantFrom(0, 10, 6_000, HOUR), exit: anyExit });
  const fates = fc.dictionary(
    fc.constantFrom('alpha', 'beta', 'delta', 'gamma', 'zeta'),
    fc.array(fate, { maxLength: 4 }),
  );

  const waiting = (world: World) =>
    [...world.desired.agents.keys()].flatMap((agent) => {
      const reason = waitingReason(world, agent);
      return reason ? [{ agent, reason }] : [];
    });

  /** What nobody has noticed yet can change what is true of an agent. */
  const known = (given: World): World => {
    const world = { ...given, operations: new Map() };
    const events = notice(world);
    const ledger = events.reduce(
      (past, event) => record(past, { ...event, seq: past.seq + 1, at: world.now }),
      world.ledger,
    );
    return events.length === 0 ? world : known({ ...world, ledger });
  };

  test('who is said to be stuck is not started by anything but somebody’s doing', () => {
    fc.assert(
      fc.property(anyWorld, fates, (given, lives) => {
        const world = known(given);
        const stuck = waiting(world).flatMap(({ agent, reason }) => (reason.stuck ? [agent] : []));
        const story = runToRest({ world, fates: new Map(Object.entries(lives)), kills: new Set() });
        const started = story?.events.flatMap((entry) => (entry.type === 'started' ? [entry.agent] : []));
        expect(started?.filter((agent) => stuck.includes(agent))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('who still waits when all has come to rest is stuck, or waits for a program that is at work', () => {
    fc.assert(
      fc.property(anyWorld, fates, (given, lives) => {
        const world = runToRest({ world: given, fates: new Map(Object.entries(lives)), kills: new Set() })?.world;
        if (!world) throw new Error('no rest');
        const mayGoOn = (agent: AgentName): boolean => {
          const needed = waitingReason(world, agent)?.agents ?? [];
          return needed.some((need) => RUNS.has(situationIn(world, need).is) || mayGoOn(need));
        };
        for (const { agent, reason } of waiting(world)) expect(reason.stuck !== undefined || mayGoOn(agent)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
