import { describe, expect, test } from 'vitest';
import { keyOf } from '../../src/policies/schedule.ts';
import { emptyLedger, noHistory, record } from '../../src/reconciler/ledger.ts';
import type { AgentSpec, Entry, Event, History, Ledger, Observed, Session } from '../../src/reconciler/types.ts';
import type { ScheduleEntry } from '../../src/spec/schedule.ts';
import { policyViewOf, takeAdvice } from '../../src/supervisor/advising.ts';
import { type Colony, nothingMeasured } from '../../src/supervisor/colony.ts';
import { doing, samplesOf, vitalsOf } from '../policies/base.ts';
import { base, HOUR, MINUTE, NOW, SECOND, sessionOf, specOf } from '../reconciler/base.ts';

const nightly: ScheduleEntry = {
  ...{ cron: '0 4 * * *', tz: 'UTC', action: { do: 'restart' }, when: 'now', wait: MINUTE },
  ...{ jitter: 0, overlap: 'skip', catch_up: 5 * MINUTE },
};
const old = { after: HOUR, jitter: 0, when: 'now', wait: MINUTE } as const;
const greedy: AgentSpec['memory'] = {
  ...{ limit: 100, growth: undefined, for: 0, measure: 'rss', action: { do: 'stop' }, when: 'now', wait: MINUTE },
};

/** What of a supervisor the policies are asked about, and what was announced. */
function supervisor(spec: Partial<AgentSpec>, history: Partial<History> = {}, session: Partial<Session> = {}) {
  const desired = { ...base().desired, agents: new Map([['db', specOf('db', spec)]]) };
  const observed: Observed = { ...base().observed, sessions: new Map([['db', [sessionOf('db', 1, session)]]]) };
  const told: Event[] = [];
  const past = { ...noHistory, run: 'db-1', started: NOW - HOUR, ...history };
  const journal: Pick<Colony['journal'], 'announce'> & { ledger: Ledger } = {
    ledger: { ...emptyLedger, agents: new Map([['db', past]]) },
    announce(event: Event) {
      told.push(event);
      const entry: Entry = { seq: told.length, at: NOW, ...event };
      journal.ledger = record(journal.ledger, entry);
      return entry;
    },
  };
  const colony = {
    ...nothingMeasured(),
    ...{ desired, observed, journal, goal: 'run', operations: new Map(), clock: () => NOW },
  } as unknown as Colony;
  return { colony, desired, told };
}

const said = ({ advice }: Colony) => (advice.get('db') ?? []).map(({ policy, wish }) => `${policy} ${wish.do}`);

test('agents of one account follow one another, and where nobody tells of accounts those of one kind', async () => {
  const limit = { action: { do: 'notify' }, stagger: MINUTE } as const;
  const seen = new Map<string, number>();
  for (const accounts of [
    [undefined, undefined, undefined],
    ['mine', 'mine', 'mine'],
    ['mine', 'yours', 'mine'],
  ]) {
    const { colony } = supervisor({});
    const names = ['a', 'b', 'c'];
    const specs = names.map((name) => specOf(name, { kind: 'codex', limit }));
    const sessions = new Map(names.map((name, index) => [name, [sessionOf(name, index + 1)]]));
    colony.observed = { ...base().observed, sessions };
    colony.vitals = new Map(
      names.map((name, index) => {
        const vitals = doing('limited', NOW - HOUR, { until: NOW }, { account: accounts[index] });
        return [name, { ...vitals, run: `${name}-1` }];
      }),
    );
    const desired = { ...base().desired, agents: new Map(specs.map((spec) => [spec.name, spec])) };
    const view = policyViewOf(colony, desired, specs[2] ?? specOf('c'));
    seen.set(accounts.join(), view.others.length);
  }
  expect([...seen]).toEqual([
    [',,', 2],
    ['mine,mine,mine', 2],
    ['mine,yours,mine', 1],
  ]);
});

describe('the advice of a look', () => {
  test('is kept, and the answer is when to ask again', async () => {
    const { colony, desired } = supervisor({ max_age: { ...old, after: 2 * HOUR } });
    expect(await takeAdvice(colony, desired, 'anything', NOW)).toEqual({ lookAt: NOW + HOUR, measureAt: undefined });
    expect(said(colony)).toEqual([]);
    const older = supervisor({ max_age: old });
    // What people are to be told of it is noticed by the next look, which comes at once.
    expect((await takeAdvice(older.colony, older.desired, 'anything', NOW)).lookAt).toBe(NOW);
    expect((await takeAdvice(older.colony, older.desired, 'anything', NOW)).lookAt).toBeUndefined();
    expect(said(older.colony)).toEqual(['max_age restart']);
  });

  test('what a schedule has to write down is announced', async () => {
    const { colony, desired, told } = supervisor({ schedule: [nightly] });
    await takeAdvice(colony, desired, 'anything', NOW);
    const event = { type: 'scheduled', agent: 'db', schedule: keyOf(nightly), due: NOW, outcome: 'set' };
    expect(told).toEqual([event]);
    await takeAdvice(colony, desired, 'anything', NOW + SECOND);
    expect(told).toHaveLength(1);
  });

  test('stands while something is typed into a program: whoever typed it for a policy must not do so again', async () => {
    const { colony, desired } = supervisor({ max_age: old });
    await takeAdvice(colony, desired, 'anything', NOW);
    const before = said(colony);
    colony.operations.set('db', { kind: 'changing', since: NOW, reason: { code: 'max_age', after: HOUR } });
    await takeAdvice(colony, desired, 'anything', NOW);
    expect(said(colony)).toEqual(before);
    expect(before).toEqual(['max_age restart']);
  });

  test('is none for an agent to which something is done, nor when all go down', async () => {
    const { colony, desired } = supervisor({ max_age: old });
    colony.operations.set('db', { kind: 'stopping', since: NOW, reason: { code: 'max_age', after: HOUR } });
    await takeAdvice(colony, desired, 'anything', NOW);
    expect(said(colony)).toEqual([]);
    colony.operations.clear();
    colony.goal = 'down';
    await takeAdvice(colony, desired, 'anything', NOW);
    expect(said(colony)).toEqual([]);
  });

  test('uses what was measured of this life alone', async () => {
    const { colony, desired } = supervisor({ memory: greedy });
    const vitals = vitalsOf(samplesOf(MINUTE, () => ({ rss: 500 })));
    colony.vitals = new Map([['db', { ...vitals, run: 'db-0' }]]);
    await takeAdvice(colony, desired, 'anything', NOW);
    expect(said(colony)).toEqual([]);
    colony.vitals = new Map([['db', vitals]]);
    await takeAdvice(colony, desired, 'anything', NOW);
    expect(said(colony)).toEqual(['memory stop']);
  });
});

describe('after a short look', () => {
  test('nobody is asked, and what was said stays', async () => {
    const { colony, desired } = supervisor({ max_age: old });
    await takeAdvice(colony, desired, 'anything', NOW);
    expect((await takeAdvice(colony, desired, 'ended', NOW)).lookAt).toBeUndefined();
    expect(said(colony)).toEqual(['max_age restart']);
  });
});

test('five hundred agents without policies cost next to nothing', async () => {
  const { colony, desired } = supervisor({});
  const agents = new Map(Array.from({ length: 500 }, (_, index) => [`a${index}`, specOf(`a${index}`)] as const));
  const began = performance.now();
  for (let looks = 0; looks < 100; looks++) await takeAdvice(colony, { ...desired, agents }, 'anything', NOW);
  expect((performance.now() - began) / 100).toBeLessThan(50);
});
