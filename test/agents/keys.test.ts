import { describe, expect, test } from 'vitest';
import { notAKey } from '../../src/agents/keys.ts';

describe('keys', () => {
  test.each([
    'Enter',
    'escape',
    'C-c',
    'M-x',
    'C-M-S-Up',
    'F12',
    'PPage',
    'BSpace',
    'x',
    '1',
    '-',
    ';',
    'é',
    '漢',
    'C--',
  ])('%s is one', (key) => expect(notAKey([key])).toBeUndefined());

  test.each(['Entr', 'enter it', '', ' ', 'C-', 'F13', 'X-c', '\n', '\x1b', 'C-Entr'])('%j is none', (key) => {
    expect(notAKey(['Enter', key])).toBe(key);
  });
});
