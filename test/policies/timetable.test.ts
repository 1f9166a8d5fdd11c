import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timesAround } from '../../src/policies/calendar.ts';
import { type Timetable, timetableOf } from '../../src/policies/timetable.ts';
import { MINUTE } from './base.ts';

/** The instants of a timetable between two, as `29T01:00` in UTC. */
function instants(table: Timetable, from: string, to: string): readonly string[] {
  const found: string[] = [];
  let at = table.next(Date.parse(from) - 1);
  while (at !== undefined && at < Date.parse(to)) {
    found.push(new Date(at).toISOString().slice(8, 16));
    at = table.next(at);
  }
  return found;
}

// In 2026 the clocks of Berlin are set forward on 29 March at 01:00 UTC, and back on 25 October at 01:00 UTC.
describe('in Berlin, when the clocks are set forward', () => {
  const spring = (cron: string) =>
    instants(timetableOf(cron, 'Europe/Berlin'), '2026-03-28T00:00Z', '2026-03-31T00:00Z');

  test.each([
    ['a time that is skipped is the instant at which it is', '30 2 * * *', ['28T01:30', '29T01:00', '30T00:30']],
    ['so is the first minute of the skipped hour', '0 2 * * *', ['28T01:00', '29T01:00', '30T00:00']],
    ['several skipped times are one', '0,20,40 2 29 3 *', ['29T01:00']],
    [
      'and one with the time right after',
      '30 2,3 * * *',
      ['28T01:30', '28T02:30', '29T01:00', '29T01:30', '30T00:30', '30T01:30'],
    ],
    ['the hour after is itself', '0 3 * * *', ['28T02:00', '29T01:00', '30T01:00']],
    ['the hour before as well', '30 1 * * *', ['28T00:30', '29T00:30', '29T23:30', '30T23:30']],
  ])('%s', (_name, cron, expected) => expect(spring(cron)).toEqual(expected));

  test('every quarter of an hour is a real one', () => {
    const table = timetableOf('*/15 * * * *', 'Europe/Berlin');
    const found = instants(table, '2026-03-29T00:30Z', '2026-03-29T02:00Z');
    expect(found).toEqual(['29T00:30', '29T00:45', '29T01:00', '29T01:15', '29T01:30', '29T01:45']);
  });
});

describe('in Berlin, when the clocks are set back', () => {
  const autumn = (cron: string) =>
    instants(timetableOf(cron, 'Europe/Berlin'), '2026-10-24T00:00Z', '2026-10-27T00:00Z');

  test.each([
    ['an hour that comes twice is meant once, the first time', '30 2 * * *', ['24T00:30', '25T00:30', '26T01:30']],
    ['with all of its times', '*/30 2 25 10 *', ['25T00:00', '25T00:30']],
    ['the hour after is itself', '0 3 * * *', ['24T01:00', '25T02:00', '26T02:00']],
    ['the hour before as well', '30 1 * * *', ['24T23:30', '26T00:30']],
  ])('%s', (_name, cron, expected) => expect(autumn(cron)).toEqual(expected));

  test('every hour is a real one', () => {
    const found = instants(timetableOf('0 * * * *', 'Europe/Berlin'), '2026-10-24T23:00Z', '2026-10-25T04:00Z');
    expect(found).toEqual(['24T23:00', '25T00:00', '25T01:00', '25T02:00', '25T03:00']);
    const quarters = instants(timetableOf('*/15 * * * *', 'Europe/Berlin'), '2026-10-25T00:00Z', '2026-10-25T03:00Z');
    expect(quarters).toHaveLength(12);
  });
});

describe('elsewhere', () => {
  test.each([
    // Half an hour back on 5 April at 02:00 local time, and midnight skipped in Brazil.
    [
      '*/20 * * * *',
      'Australia/Lord_Howe',
      '2026-04-04T14:40Z',
      '2026-04-04T16:00Z',
      ['04T14:40', '04T15:10', '04T15:30', '04T15:50'],
    ],
    ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00Z', '2026-10-05T00:00Z', ['03T15:30', '04T15:15']],
    ['30 0 * * *', 'America/Sao_Paulo', '2018-11-03T00:00Z', '2018-11-06T00:00Z', ['03T03:30', '04T03:00', '05T02:30']],
    ['0 4 * * *', 'Asia/Kathmandu', '2026-01-01T00:00Z', '2026-01-02T00:00Z', ['01T22:15']],
    ['0 0 1 1 *', 'UTC', '2026-01-01T00:00Z', '2028-01-01T00:00Z', ['01T00:00', '01T00:00']],
    ['0 0 29 2 *', 'UTC', '2096-03-01T00:00Z', '2105-01-01T00:00Z', ['29T00:00']],
    ['0 0 13 * 5', 'UTC', '2026-02-01T00:00Z', '2026-02-21T00:00Z', ['06T00:00', '13T00:00', '20T00:00']],
  ])('%s in %s', (cron, tz, from, to, expected) => {
    expect(instants(timetableOf(cron, tz), from, to)).toEqual(expected);
  });
});

const cron = fc
  .tuple(
    fc.constantFrom('0', '*/15', '30', '7,37', '*', '40-59'),
    fc.constantFrom('*', '*/2', '2', '0,1', '1-3', '23', '*/5'),
    fc.constantFrom('*', '25-31', '*', '4'),
    fc.constantFrom('*', '3,10,11', '*'),
    fc.constantFrom('*', '*', '0', '6-7'),
  )
  .map((fields) => fields.join(' '));
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Sao_Paulo');
/** Around changes of the clocks, for the most part. */
const instant = fc
  .tuple(
    fc.constantFrom(
      '2026-03-29T01:00Z',
      '2026-10-25T01:00Z',
      '2018-11-04T03:00Z',
      '2026-04-04T15:00Z',
      '2026-07-01T00:00Z',
    ),
    fc.integer({ min: -36 * 60, max: 36 * 60 }),
    fc.constantFrom(0, 1, 29_999, -1),
  )
  .map(([at, minutes, rest]) => Date.parse(at) + minutes * MINUTE + rest);

describe('whatever is asked', () => {
  test('the answer does not depend on where one begins', () => {
    fc.assert(
      fc.property(cron, zone, instant, (expression, tz, at) => {
        const table = timetableOf(expression, tz);
        const [latest, next] = [table.latest(at) ?? 0, table.next(at) ?? 0];
        expect(latest).toBeLessThanOrEqual(at);
        expect(next).toBeGreaterThan(at);
        expect(table.next(latest)).toBe(next);
        expect(table.latest(next - 1)).toBe(latest);
        expect(table.latest(next)).toBe(next);
      }),
      { numRuns: 300 },
    );
  });

  test('a recurring hour counts exactly when the clocks show a time that is meant', () => {
    const shows = (tz: string) => {
      const clock = new Intl.DateTimeFormat('en-GB', { timeZone: tz, hour: '2-digit', minute: '2-digit' });
      return (at: number) => clock.format(at).split(':').map(Number);
    };
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 3, 6), fc.constantFrom(5, 15, 20), zone, instant, (hours, minutes, tz, at) => {
        const table = timetableOf(`*/${minutes} */${hours} * * *`, tz);
        const minute = Math.floor(at / MINUTE) * MINUTE;
        const [hour = 0, past = 0] = shows(tz)(minute);
        const meant = hour % hours === 0 && past % minutes === 0;
        expect(table.latest(minute) === minute).toBe(meant);
      }),
      { numRuns: 300 },
    );
  });

  test('a calendar that remembers says the same', () => {
    fc.assert(
      fc.property(cron, zone, fc.array(instant, { maxLength: 8 }), (expression, tz, asked) => {
        const table = timetableOf(expression, tz);
        for (const at of asked) {
          expect(timesAround(expression, tz, at)).toEqual({ latest: table.latest(at), next: table.next(at) });
        }
      }),
      { numRuns: 50 },
    );
  });

  test('what comes every four years is found at once', () => {
    const table = timetableOf('59 23 29 2 *', 'Europe/Berlin');
    const began = performance.now();
    expect(table.latest(Date.parse('2103-12-01'))).toBe(Date.parse('2096-02-29T22:59Z'));
    expect(table.next(Date.parse('2096-03-01'))).toBe(Date.parse('2104-02-29T22:59Z'));
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
