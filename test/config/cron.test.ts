import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCron, namesTwice, neverComes } from '../../src/config/cron.ts';
import { timetableOf } from '../../src/policies/timetable.ts';

describe('a cron expression', () => {
  test.each([
    '* * * * *',
    '0 4 * * *',
    ' 0  4 * * * ',
    '01 04 * * *',
    '*/15 0-23/2 1,15 JAN-mar mon-FRI',
    '5/10 * * * *',
    '0 0 * * 7',
    '0 0 * * 5-7',
    '0 0 31 * *',
  ])('%s', (text) => expect(isCron(text)).toBe(true));

  test.each([
    ...['', '* * * *', '* * * * * *', '@daily', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * 32 * *', '* * * 13 *'],
    ...['* * * * 8', '*/0 * * * *', '*/100 * * * *', '5-1 * * * *', '0 22-2 * * *', '0 0 * * fri-mon', 'mon * * * *'],
    ...['0 0 mon * *', '0 0 * mon *', ',0 * * * *', '0 0 * * MON,', '1-2-3 * * * *', '-5 * * * *', '1.5 * * * *'],
    ...['H H * * *', '0 0 L * *', '0 0 ? * 1', '0 0 * * 1L', '0 0 * * 1#2', '0 0 LW * *', '4 o’clock'],
  ])('is not: %s', (text) => expect(isCron(text)).toBe(false));
});

describe('what never comes', () => {
  test.each(['0 0 31 2 *', '0 0 30,31 feb *', '0 0 31 4,6,9,11 *', '0 0 31 4-6/2 *'])('%s', (text) => {
    expect(neverComes(text)).toBe(true);
  });

  test.each(['0 0 29 2 *', '0 0 31 * *', '0 0 31 2 1', '0 0 30 2-3 *', '* * * * *', 'nonsense'])(
    'is not: %s',
    (text) => {
      expect(neverComes(text)).toBe(false);
    },
  );
});

describe('a list that names something twice', () => {
  test.each(['1,1 * * * *', '* 1-5,3-8 * * *', '* * 1,*/2 * *', '* * * jan,1 *', '* * * * 0,7', '* * * * 6-7,sun'])(
    '%s',
    (text) => {
      expect(namesTwice(text)).toBe(true);
    },
  );

  test.each(['1,2 * * * *', '* 1-5,6-8 * * *', '* * * * 0-7', '* * * * 6-7,1'])('is not: %s', (text) => {
    expect(namesTwice(text)).toBe(false);
  });
});

const item = (low: number, high: number) => {
  const number = fc.integer({ min: low, max: high });
  const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const plain = fc.oneof(fc.constant('*'), number.map(String), range);
  return fc.tuple(plain, fc.option(fc.integer({ min: 1, max: 40 }))).map(([a, step]) => (step ? `${a}/${step}` : a));
};
const field = (low: number, high: number) =>
  fc.array(item(low, high), { minLength: 1, maxLength: 2 }).map((items) => items.join(','));
const expression = fc
  .tuple(field(0, 59), field(0, 23), fc.oneof(field(1, 31), fc.constant('31')), field(1, 12), field(0, 7))
  .map((fields) => fields.join(' '));

test('what the check accepts comes, and what it calls impossible never does', () => {
  fc.assert(
    fc.property(expression, (text) => {
      expect(isCron(text)).toBe(true);
      fc.pre(!namesTwice(text));
      expect(timetableOf(text, 'UTC').next(Date.UTC(2026, 0, 1)) === undefined).toBe(neverComes(text));
    }),
    { numRuns: 500 },
  );
});
