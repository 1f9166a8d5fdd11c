import { isCron } from './cron.ts';
import { parseDuration, parsePercent, parseSize, parseTerminalSize } from './duration.ts';

/** A rule for texts that a pattern cannot state in full. */
export type Format = {
  readonly test: (text: string) => boolean;
  /** As it stands in `must be …`. */
  readonly rule: string;
  readonly hint: string;
  /** What an editor can check; wider than `test`, never narrower. Absent: nothing. */
  readonly pattern?: string;
};

/** Every `format` of the vocabulary. */
export const FORMATS: Readonly<Record<string, Format>> = {
  duration: {
    test: (text) => parseDuration(text) !== undefined,
    rule: 'a length of time with units',
    hint: 'write whole numbers with units, largest first: `90s`, `1m30s`, `2h`, `500ms`, `7d`',
    pattern: '^(?=.)(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$',
  },
  size: {
    test: (text) => parseSize(text) !== undefined,
    rule: 'an amount of memory with a unit',
    hint: 'write the unit in full: `512MiB` and `2GiB` count in 1024s, `500MB` and `2GB` in thousands',
    pattern: '^\\d+(\\.\\d+)? ?([KMGT]i?B|B)$',
  },
  percent: {
    test: (text) => parsePercent(text) !== undefined,
    rule: 'a percentage',
    hint: 'write for example `85%`',
    pattern: '^\\d+(\\.\\d+)?%$',
  },
  'terminal-size': {
    test: (text) => parseTerminalSize(text) !== undefined,
    rule: 'columns and rows of at most 10000 each',
    hint: 'write for example `200x50`',
    pattern: '^[1-9]\\d*x[1-9]\\d*$',
  },
  cron: {
    test: isCron,
    rule: 'five cron fields',
    hint: 'write minute, hour, day of month, month and day of week: `0 4 * * *` is four in the morning',
  },
  'time-zone': {
    test: isTimeZone,
    rule: 'a time zone',
    hint: 'write a name of the tz database, such as `UTC` or `Europe/Berlin`',
  },
  regex: { test: isRegex, rule: 'a regular expression', hint: 'a special character meant as itself needs a `\\`' },
  url: {
    test: (text) => /^https?:/.test(text) && URL.canParse(text),
    rule: 'an http or https address',
    hint: 'write for example `http://127.0.0.1:8080/ok`',
  },
  path: {
    test: (text) => text !== '' && !text.includes('\0'),
    rule: 'a path',
    hint: 'write a path; `~` is the home folder, and relative paths start at the folder of this file',
  },
};

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function isRegex(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
