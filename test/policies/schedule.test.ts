import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyOf, schedule } from '../../src/policies/schedule.ts';
import { timetableOf } from '../../src/policies/timetable.ts';
import { noHistory } from '../../src/reconciler/ledger.ts';
import type { AgentSpec, History, Hold, LastExit } from '../../src/reconciler/types.ts';
import type { ScheduleEntry } from '../../src/spec/schedule.ts';
import { lastExitOf, restartSpec } from '../reconciler/base.ts';
import { HOUR, MINUTE, RUN, SECOND, specOf, viewOf } from './base.ts';

const DUE = Date.parse('2026-06-10T04:00Z');

const entry: ScheduleEntry = {
  cron: '0 4 * * *',
  tz: 'UTC',
  action: { do: 'restart' },
  when: 'idle',
  wait: 10 * MINUTE,
  jitter: 0,
  overlap: 'skip',
  catch_up: 5 * MINUTE,
};
const KEY = '0 4 * * * UTC restart';

type Given = {
  readonly entry?: Partial<ScheduleEntry>;
  readonly spec?: Partial<AgentSpec>;
  readonly view?: Partial<Parameters<typeof viewOf>[0]>;
  readonly history?: Partial<History>;
  /** undefined: this schedule was never looked at. */
  readonly mark?: number | undefined;
  /** After the time that is due. */
  readonly late?: number;
};

/** What is said a second after four o'clock of an agent that was started an hour ago. */
function ask(given: Given = {}) {
  const wall = DUE + (given.late ?? SECOND);
  const written = { ...entry, ...given.entry };
  const mark = 'mark' in given ? given.mark : DUE - 24 * HOUR;
  const marks = mark === undefined ? {} : { [keyOf(written)]: mark };
  const view = viewOf({ now: wall, wall, started: DUE - HOUR, ...given.view });
  return schedule(specOf('db', { schedule: [written], ...given.spec }), {
    ...view,
    history: { ...noHistory, run: RUN, marks, ...given.history },
  });
}

/** `restart`, `skipped` or `missed`, or nothing. */
function answer(given: Given = {}): string {
  const { advice = [], events = [] } = ask(given);
  const said = [...advice.map(({ wish }) => wish.do), ...events.map((event) => 'outcome' in event && event.outcome)];
  return said.join(' ');
}

describe('a time that has come', () => {
  test('is advice with a mark', () => {
    expect(ask()).toEqual({
      advice: [
        {
          policy: `schedule ${KEY}`,
          run: RUN,
          wish: { do: 'restart' },
          reason: { code: 'scheduled', cron: '0 4 * * *', tz: 'UTC' },
          when: 'idle',
          patience: 10 * MINUTE,
          mark: { schedule: KEY, due: DUE },
        },
      ],
      events: [],
      lookAt: DUE + 24 * HOUR,
    });
  });

  test.each<[string, Given, string]>([
    ['a second before', { late: -1 }, ''],
    ['on the dot', { late: 0 }, 'restart'],
    ['a while later: made up for', { late: 5 * MINUTE }, 'restart'],
    ['too late', { late: 5 * MINUTE + 1 }, 'missed'],
    ['a little late is not missed, whatever `catch_up` says', { late: MINUTE, entry: { catch_up: 0 } }, 'restart'],
    ['and then it is', { late: MINUTE + 1, entry: { catch_up: 0 } }, 'missed'],
    ['dealt with', { mark: DUE }, ''],
    ['of several that were missed, only the latest counts', { mark: DUE - 1000 * HOUR }, 'restart'],
    ['before it was in the file', { mark: undefined }, 'set'],
    ['a year after the wall clock was set back', { mark: DUE + 8760 * HOUR }, 'set'],
    ['a little after it was set back', { mark: DUE + 24 * HOUR }, ''],
    ['an hour after it was set back', { mark: DUE + HOUR }, ''],
  ])('%s', (_name, given, expected) => expect(answer(given)).toBe(expected));

  test('a new entry counts from now on', () => {
    expect(ask({ mark: undefined }).events).toEqual([
      { type: 'scheduled', agent: 'db', schedule: KEY, due: DUE + SECOND, outcome: 'set' },
    ]);
  });

  test('stays due for as long as it is put off', () => {
    const late = 3 * HOUR;
    const { advice = [] } = ask();
    expect(answer({ late })).toBe('missed');
    expect(answer({ late, view: { advised: advice } })).toBe('restart');
    const reason = { code: 'scheduled', cron: entry.cron, tz: entry.tz } as const;
    const put = { reason, since: DUE };
    expect(answer({ late, history: { deferred: { [advice[0]?.policy ?? '']: put } } })).toBe('restart');
    expect(answer({ late, history: { deferred: { 'schedule another': put } } })).toBe('missed');
  });

  test('until the next one takes its place', () => {
    const { advice = [] } = ask();
    const next = ask({ late: 24 * HOUR, view: { advised: advice } }).advice;
    expect(next?.map(({ mark }) => mark?.due)).toEqual([DUE + 24 * HOUR]);
  });
});

const stopped: Hold = {
  reason: { code: 'scheduled', cron: '0 0 * * *', tz: 'UTC' },
  since: 0,
  fingerprint: 'x',
  stops: true,
};
const done: Hold = { ...stopped, reason: { code: 'work_done', text: 'DONE' } };
const byPerson: Hold = { ...stopped, reason: { code: 'user_requested' } };
const looping: Hold = { reason: { code: 'crash_loop', restarts: 5, window: MINUTE }, since: 0, fingerprint: 'x' };
const ended = (code: number, patch: Partial<LastExit> = {}): Partial<History> => ({
  lastExit: lastExitOf('db', { code, signal: undefined }, { at: DUE, uptime: SECOND, ...patch }),
  unanswered: true,
  attempt: 3,
});
const down = { alive: false, run: undefined, started: undefined };
const once = { restart: { ...restartSpec, policy: 'on-failure' as const } };
const young = { started: DUE + SECOND / 2 };
const deed = (does: 'restart' | 'start' | 'stop' | 'notify' | 'warn') => ({ action: { do: does } });
const send = { action: { send: 'hello' } };

describe('what is to be done then', () => {
  test.each<[string, Given, string]>([
    ['restart what runs', { entry: deed('restart') }, 'restart'],
    ['restart what was started at that very time', { entry: deed('restart'), view: young }, 'skipped'],
    ['restart what does not run', { entry: deed('restart'), view: down }, 'skipped'],
    ['restart what a person wants stopped', { entry: deed('restart'), history: { hold: byPerson } }, 'skipped'],
    ['stop what runs', { entry: deed('stop') }, 'stop'],
    ['stop what was just started', { entry: deed('stop'), view: young }, 'stop'],
    ['stop what will be started again', { entry: deed('stop'), view: down, history: ended(3) }, ''],
    ['stop what waits to be started', { entry: deed('stop'), view: down }, ''],
    ['stop what is stopped', { entry: deed('stop'), view: down, history: { hold: byPerson } }, 'skipped'],
    ['stop what is done', { entry: deed('stop'), view: down, spec: once, history: ended(0) }, 'skipped'],
    ['start what is done', { entry: deed('start'), view: down, spec: once, history: ended(0) }, 'start'],
    [
      'start what has failed and is not restarted',
      {
        entry: deed('start'),
        view: down,
        history: ended(3),
        spec: { restart: { ...restartSpec, policy: 'never' } },
      },
      'start',
    ],
    ['start what a schedule has stopped', { entry: deed('start'), view: down, history: { hold: stopped } }, 'start'],
    [
      'start what has said that its work is done',
      { entry: deed('start'), view: down, history: { hold: done } },
      'start',
    ],
    ['start what a person has stopped', { entry: deed('start'), view: down, history: { hold: byPerson } }, 'skipped'],
    ['start what is in a crash loop', { entry: deed('start'), view: down, history: { hold: looping } }, 'skipped'],
    ['start what is started again anyway', { entry: deed('start'), view: down, history: ended(3) }, 'skipped'],
    ['start what waits to be started', { entry: deed('start'), view: down }, 'skipped'],
    ['start what is disabled', { entry: deed('start'), view: down, spec: { enabled: false } }, 'skipped'],
    ['start what still runs', { entry: deed('start') }, 'skipped'],
    ['start it all the same', { entry: { ...deed('start'), overlap: 'restart' } }, 'restart'],
    ['start what was just started', { entry: { ...deed('start'), overlap: 'restart' }, view: young }, 'skipped'],
    ['type into what runs', { entry: send }, 'send'],
    ['type into what does not run', { entry: send, view: down }, 'skipped'],
    ['type into what a person wants stopped', { entry: send, history: { hold: byPerson } }, 'skipped'],
    ['tell of what runs', { entry: deed('notify') }, 'notify'],
    ['tell of what does not run', { entry: deed('warn'), view: down }, 'warn'],
    ['tell of what a person has stopped', { entry: deed('warn'), view: down, history: { hold: byPerson } }, 'warn'],
    ['tell of what is disabled', { entry: deed('notify'), view: down, spec: { enabled: false } }, 'skipped'],
  ])('%s', (_name, given, expected) => expect(answer(given)).toBe(expected));

  test('waits for an idle agent only where there is one to interrupt', () => {
    const waits = (given: Given) => ask(given).advice?.map(({ when, run }) => [when, run]);
    expect(waits({ entry: send })).toEqual([['idle', RUN]]);
    expect(waits({ entry: { ...send, when: 'now' } })).toEqual([['now', RUN]]);
    expect(waits({ entry: deed('start'), view: down, history: { hold: stopped } })).toEqual([['now', undefined]]);
    expect(waits({ entry: deed('notify') })).toEqual([['now', RUN]]);
  });
});

describe('entries', () => {
  test('are told apart by what they say, and not by their place', () => {
    const other = { ...entry, cron: '0  5 * * *' };
    const marks = { [keyOf(entry)]: DUE, [keyOf(other)]: DUE };
    const both = (...entries: ScheduleEntry[]) =>
      schedule(specOf('db', { schedule: entries }), viewOf({ wall: DUE + 2 * HOUR, history: { ...noHistory, marks } }));
    expect(both(entry, other)).toEqual({ ...both(other, entry) });
    expect(keyOf(other)).toBe('0 5 * * * UTC restart');
  });

  test('of a kind are one', () => {
    const view = viewOf({ wall: DUE, now: DUE, history: { ...noHistory, marks: { [KEY]: DUE - HOUR } }, started: 0 });
    expect(schedule(specOf('db', { schedule: [entry, { ...entry }] }), view).advice).toHaveLength(1);
  });

  test('never say in the journal what is typed', () => {
    const typed = keyOf({ ...entry, action: { send: 'my secret' } });
    expect(typed).toMatch(/^0 4 \* \* \* UTC send [0-9a-f]+$/);
    expect(typed).not.toBe(keyOf({ ...entry, action: { send: 'another' } }));
  });

  test('each agent has a moment of its own, which is the same for every supervisor', () => {
    const jitter = HOUR;
    const moments = Array.from({ length: 40 }, (_, index) => {
      const marks = { [KEY]: DUE };
      const view = viewOf({ wall: DUE + 2 * HOUR, now: DUE + 2 * HOUR, history: { ...noHistory, marks } });
      return (schedule(specOf(`w-${index}`, { schedule: [{ ...entry, jitter }] }), view).lookAt ?? 0) - DUE - 24 * HOUR;
    });
    for (const late of moments) expect(late).toSatisfy((by: number) => by >= 0 && by <= HOUR);
    expect(new Set(moments).size).toBeGreaterThan(30);
  });

  test('and at that moment it is not late, whatever `catch_up` says', () => {
    const written = { ...entry, jitter: 12 * HOUR, catch_up: 0 };
    const late = (ask({ entry: written }).lookAt ?? 0) - DUE;
    expect(late).toBeGreaterThan(2 * MINUTE);
    expect(answer({ entry: written, late: late - 1 })).toBe('');
    expect(answer({ entry: written, late })).toBe('restart');
    expect(answer({ entry: written, late: late + 2 * MINUTE })).toBe('missed');
  });
});

/** A world in which every piece of advice is followed at once. */
function live(entry: ScheduleEntry, steps: readonly { readonly wall: number; readonly steady: number }[]) {
  const spec = specOf('db', { schedule: [entry] });
  let history: History = { ...noHistory, run: RUN, hold: stopped };
  const runs: { wall: number; due: number }[] = [];
  const marks: { at: number; outcome: string; before: number | undefined }[] = [];
  for (const { wall, steady } of steps) {
    const before = history.marks[keyOf(entry)];
    const { advice = [], events = [] } = schedule(spec, viewOf({ ...down, wall, now: steady, history }));
    const done = advice.flatMap(({ mark }) => (mark ? [{ outcome: 'done', due: mark.due }] : []));
    for (const { due } of done) runs.push({ wall, due });
    for (const event of [...done, ...events]) {
      if (!('due' in event)) continue;
      marks.push({ at: event.due, outcome: event.outcome, before });
      history = { ...history, marks: { [keyOf(entry)]: event.due } };
    }
  }
  return { runs, marks };
}

/** Looks of a supervisor, five real seconds apart, while the wall clock makes these steps. */
function following(jumps: readonly number[]) {
  let wall = DUE - HOUR;
  return jumps.map((by, index) => {
    wall += by;
    return { wall, steady: index * 5 * SECOND };
  });
}

const starting: ScheduleEntry = { ...entry, action: { do: 'start' }, when: 'now' };
const YEAR = 8760 * HOUR;

describe('whatever is done to the wall clock', () => {
  const jump = fc.oneof(
    { arbitrary: fc.integer({ min: 1, max: 2 * HOUR }), weight: 6 },
    { arbitrary: fc.integer({ min: -3 * HOUR, max: 30 * HOUR }), weight: 2 },
    { arbitrary: fc.constantFrom(-YEAR, YEAR, -26 * HOUR, 26 * HOUR), weight: 1 },
  );
  const crons = fc.constantFrom('0 4 * * *', '*/15 * * * *', '30 2 * * *', '* * * * *', '0 0 1 * *');
  const zones = fc.constantFrom('UTC', 'Europe/Berlin');
  const jitters = fc.constantFrom(0, 10 * MINUTE);

  test('there is never a storm', () => {
    fc.assert(
      fc.property(crons, zones, jitters, fc.array(jump, { maxLength: 60 }), (cron, tz, jitter, jumps) => {
        const steps = following(jumps);
        const { runs, marks } = live({ ...starting, cron, tz, jitter }, steps);
        const table = timetableOf(cron, tz);
        for (const { due } of runs) expect(table.latest(due)).toBe(due);
        const lateness = runs.map(({ wall, due }) => wall - due);
        expect(lateness.every((late) => late >= 0 && late <= jitter + 5 * MINUTE)).toBe(true);
        // Each time is met once, except by a clock that was set back to before it by more than a day.
        const resets = marks.filter(({ outcome, before }) => outcome === 'set' && before !== undefined).length;
        const distinct = new Set(runs.map(({ due }) => due)).size;
        expect(runs.length).toBeLessThanOrEqual(distinct * (resets + 1));
        const moved = marks.filter(({ outcome }) => outcome !== 'set');
        expect(moved.every(({ at, before = 0 }) => at > before)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('a year forward is at most one run, and a year back none', () => {
    const steps = (...walls: number[]) => walls.map((wall, index) => ({ wall, steady: index * 5 * SECOND }));
    const near = DUE + YEAR + MINUTE;
    const { runs } = live(starting, steps(DUE - HOUR, near, near + 5 * SECOND, DUE - HOUR, DUE - HOUR + 5 * SECOND));
    expect(runs.map(({ due }) => due)).toEqual([DUE + YEAR]);
    expect(live(starting, steps(DUE - HOUR, DUE + YEAR + HOUR, DUE - HOUR)).runs).toEqual([]);
    const after = live(starting, steps(DUE - HOUR, DUE + YEAR + HOUR, DUE - HOUR, DUE, DUE + SECOND)).runs;
    expect(after.map(({ due }) => due)).toEqual([DUE]);
  });

  test.each([
    ['2026-03-29T00:00Z', ['2026-03-29T01:00:00.000Z']],
    ['2026-10-25T00:00Z', ['2026-10-25T00:30:00.000Z']],
  ])('half past two in Berlin comes once on the day of %s', (from, expected) => {
    const start = Date.parse(from) - HOUR;
    const steps = Array.from({ length: 8 * 60 }, (_, minute) => ({
      wall: start + minute * MINUTE,
      steady: minute * MINUTE,
    }));
    const { runs } = live({ ...starting, cron: '30 2 * * *', tz: 'Europe/Berlin' }, steps);
    expect(runs.map(({ due }) => new Date(due).toISOString())).toEqual(expected);
  });

  test.each(['2026-03-29T00:00Z', '2026-10-25T00:00Z'])('every quarter of an hour is a real one on %s', (from) => {
    const start = Date.parse(from) - HOUR;
    const steps = Array.from({ length: 4 * 60 + 1 }, (_, minute) => ({
      wall: start + minute * MINUTE,
      steady: minute * MINUTE,
    }));
    const { runs } = live({ ...starting, cron: '*/15 * * * *', tz: 'Europe/Berlin' }, steps);
    expect(runs.map(({ due }) => (due - start) / (15 * MINUTE))).toEqual(Array.from({ length: 16 }, (_, n) => n + 1));
  });

  test('a day that no month has never comes, and is found out at once', () => {
    const began = performance.now();
    expect(ask({ entry: { cron: '0 0 31 2 *' }, late: YEAR })).toEqual({ advice: [], events: [], lookAt: undefined });
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
