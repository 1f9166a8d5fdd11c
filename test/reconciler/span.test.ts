import { expect, test } from 'vitest';
import { formatSpan } from '../../src/reconciler/span.ts';
import { HOUR, MINUTE, SECOND } from './base.ts';

test.each([
  [0, '0ms'],
  [-5, '0ms'],
  [250, '250ms'],
  [999.6, '1s'],
  [SECOND, '1s'],
  [1_499, '1s'],
  [59_600, '1m'],
  [90 * SECOND, '1m30s'],
  [2 * HOUR, '2h'],
  [HOUR + 5 * SECOND, '1h5s'],
  [HOUR + 2 * MINUTE + 3 * SECOND, '1h2m'],
  [26 * HOUR, '1d2h'],
])('%d ms is %s', (span, expected) => expect(formatSpan(span)).toBe(expected));
