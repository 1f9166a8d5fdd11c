import { describe, expect, test } from 'vitest';
import { readPicture } from '../../src/tmux/picture.ts';
import { good } from '../rig/tmux.ts';

const HEAD = '2 36 0 0 0';
const brightOf = (...rows: string[]) => good(readPicture(HEAD, rows)).bright;

describe('a picture', () => {
  test('says where the cursor is, and whether keys reach a program that lives', () => {
    const { cursor, reading, alive } = good(readPicture(HEAD, []));
    expect({ cursor, reading, alive }).toEqual({ cursor: { x: 2, y: 36, shown: false }, reading: false, alive: true });
    expect(good(readPicture('0 0 1 1 1', []))).toMatchObject({ cursor: { shown: true }, reading: true, alive: false });
  });

  test.each(['', 'nonsense', '1 2'])('is none if tmux says "%s"', (head) => {
    expect(readPicture(head, []).ok).toBe(false);
  });

  test.each([
    ['plain text', 'a draft', 'a draft'],
    ['a dim suggestion', '\x1b[1m›\x1b[0m \x1b[2mAsk Codex', '›'],
    ['dim with other attributes', '\x1b[39m❯ \x1b[7mR\x1b[0;2m\x1b[39mesend', '❯ R'],
    ['dim until it is switched off', '\x1b[2mdim\x1b[22m lit', '    lit'],
    ['dim until everything is', '\x1b[2mdim\x1b[m lit', '    lit'],
    ['a colour whose number is that of dim', '\x1b[38;5;2mgreen\x1b[48;2;2;2;2m all', 'green all'],
    ['characters of two columns', '\x1b[2m漢😀\x1b[0mx', '  x'],
    ['a link', '\x1b]8;;http://x\x1b\\text\x1b]8;;\x1b\\', 'text'],
    ['line drawing', '\x0e\x0fqq', 'qq'],
  ])('%s', (_, row, bright) => expect(brightOf(row)).toEqual([bright]));

  test('goes on with the style of the row above', () => {
    expect(brightOf('\x1b[2mdim', 'dim too', '\x1b[0mlit')).toEqual(['', '', 'lit']);
    expect(good(readPicture(HEAD, ['\x1b[2mdim', 'dim too  '])).lines).toEqual(['dim', 'dim too']);
  });
});
