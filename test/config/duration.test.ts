import { assert, constantFrom, integer, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatDuration,
  formatSize,
  parseDuration,
  parsePercent,
  parseSize,
  parseTerminalSize,
} from '../../src/config/duration.ts';
import { FORMATS } from '../../src/config/formats.ts';

describe('durations', () => {
  test.each([
    ['90s', 90_000],
    ['1m30s', 90_000],
    ['2h', 7_200_000],
    ['500ms', 500],
    ['7d', 604_800_000],
    ['0s', 0],
    ['1d2h3m4s5ms', 93_784_005],
    ['36525d', 36_525 * 86_400_000],
  ])('%s', (text, millis) => expect(parseDuration(text)).toBe(millis));

  test.each(['', '5', '1.5h', '-1s', '1 s', '1s1m', '1s1s', '5 minutes', 'P1D', 's', '36526d', '1e3s', '1S'])(
    'not %j',
    (text) => expect(parseDuration(text)).toBeUndefined(),
  );

  test('formatting and parsing gives the same length', () =>
    assert(
      property(integer({ min: 0, max: 36_525 * 86_400_000 }), (millis) => {
        expect(parseDuration(formatDuration(millis))).toBe(millis);
      }),
    ));
});

describe('sizes', () => {
  test.each([
    ['512MiB', 512 * 1024 ** 2],
    ['2GB', 2e9],
    ['1.5GiB', 1.5 * 1024 ** 3],
    ['10 KB', 10_000],
    ['1B', 1],
    ['3TiB', 3 * 1024 ** 4],
  ])('%s', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  test.each(['', '512', '512M', '2G', '2gb', '-1MB', '1,5GB', '999999999999999TiB', 'MiB'])('not %j', (text) =>
    expect(parseSize(text)).toBeUndefined(),
  );

  test('formatting and parsing gives the same amount', () =>
    assert(
      property(integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (bytes) => {
        expect(parseSize(formatSize(bytes))).toBe(bytes);
      }),
    ));

  test.each([
    [2 * 1024 ** 3, '2GiB'],
    [2e9, '2GB'],
    [1500, '1500B'],
    [0, '0B'],
  ])('%d is %s', (bytes, text) => expect(formatSize(bytes)).toBe(text));
});

test.each([
  ['85%', 0.85],
  ['0.5%', 0.005],
  ['250%', 2.5],
  ['85', undefined],
  ['%', undefined],
])('percentage %j', (text, share) => expect(parsePercent(text)).toBe(share));

test.each([
  ['200x50', { columns: 200, rows: 50 }],
  ['0x50', undefined],
  ['200x', undefined],
  ['10001x5', undefined],
  ['200X50', undefined],
])('terminal %j', (text, size) => expect(parseTerminalSize(text)).toEqual(size));

describe('formats', () => {
  test.each([
    [
      'cron',
      ['0 4 * * *', '*/5 1-5 1,15 jan-mar mon', '59 23 31 12 7'],
      ['* * * *', '60 * * * *', '0 24 * * *', 'x * * * *'],
    ],
    ['time-zone', ['UTC', 'Europe/Berlin'], ['Mars', '']],
    ['regex', ['^a.*$', '❯'], ['(', '[']],
    ['url', ['http://127.0.0.1:8080/ok', 'https://example.org'], ['ftp://x', 'localhost:80', 'http://']],
    ['path', ['a', '~/b'], ['', 'a\0b']],
  ])('%s', (format, good, bad) => {
    for (const text of good) expect(FORMATS[format]?.test(text), text).toBe(true);
    for (const text of bad) expect(FORMATS[format]?.test(text), text).toBe(false);
  });

  test('what an editor is told to accept is never less than what is accepted', async () => {
    const units = constantFrom('duration', 'size', 'percent', 'terminal-size');
    const texts = string({ unit: constantFrom(...'0123456789.dhmsxKMGTiB% '), maxLength: 8 });
    await assert(
      property(units, texts, (name, text) => {
        const { test: accepts, pattern = '' } = FORMATS[name] ?? { test: () => false };
        if (accepts(text)) expect(text).toMatch(new RegExp(pattern));
      }),
      { numRuns: 2000 },
    );
  });
});
