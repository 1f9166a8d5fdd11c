import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONGEST_TEXT } from '../../src/agents/prompting.ts';
import { isWholeIn, KEYBOARDS, prepare } from '../../src/agents/typing.ts';
import { KINDS } from '../../src/spec/kinds.ts';

const KNOWN = KINDS.filter((kind) => kind !== 'shell');

/** What is pasted, or why nothing is; `command`: in front of what the program takes as its own. */
function spelled(kind: (typeof KINDS)[number], text: string, literal = false): string {
  const prepared = prepare(kind, text, literal);
  if (!prepared.ok) return `no: ${prepared.why}`;
  return prepared.command ? `command: ${prepared.text}` : prepared.text;
}

describe('a text is spelled so that the program takes it as text', () => {
  test.each([
    ['as it is', 'go on', 'go on', 'go on'],
    ['a command of the shell', '!ls', ' !ls', ' !ls'],
    ['one behind a blank', ' !ls', ' !ls', ' !ls'],
    ['a heading', '# x', '# x', '# x'],
    ['a path', '/etc/hosts is what', '/etc/hosts is what', '/etc/hosts is what'],
    ['a command of the program', '/compact', 'command: /compact', 'command: /compact'],
    ['one with words', '/foo bar', 'command: /foo bar', 'command: /foo bar'],
    ['one that is a line of a text', '/foo\nbar', '/foo\nbar\n\n', ' /foo\nbar'],
    ['two strokes', '//x', '//x', '//x'],
    ['a backslash at the end', 'a\\', 'a\\ ', 'a\\'],
    ['a file at the end', 'see @README.md', 'see @README.md ', 'see @README.md '],
    ['a file that is all', '@x', '@x ', '@x '],
    ['an address', 'mail a@b.c', 'mail a@b.c', 'mail a@b.c'],
    ['a variable at the end', 'echo $x', 'echo $x ', 'echo $x '],
    ['line breaks of other systems', 'a\r\nb\rc', 'a\nb\nc', 'a\nb\nc'],
    ['line breaks at the end', 'a\n\n', 'a', 'a'],
    ['tabs and blanks', '\ta  b', '\ta  b', '\ta  b'],
    ['letters of all kinds', 'é 漢 😀 ;"$`', 'é 漢 😀 ;"$`', 'é 漢 😀 ;"$`'],
  ])('%s', (_, text, claude, codex) => {
    expect(spelled('claude', text)).toBe(claude);
    expect(spelled('codex', text)).toBe(codex);
  });

  test('a command that is meant literally is a text', () => {
    // Claude Code knows its commands behind blanks too; four lines are a paste to it.
    for (const kind of KNOWN.filter((each) => each !== 'gemini'))
      expect(spelled(kind, '/compact', true)).toBe(kind === 'claude' ? '/compact\n\n\n' : ' /compact');
  });

  test.each([
    ['/compact', true],
    [' /compact', false],
    ['/compact\nand more', false],
    ['/', true],
  ])('Gemini CLI would take %j for a command, however it is spelled', (text, literal) => {
    expect(spelled('gemini', text, literal)).toMatch(/^no: it begins like a command/);
  });

  test.each(['/etc/hosts is what', '//x', '/* x */', 'first\n/compact'])('and not %j', (text) => {
    expect(spelled('gemini', text, true)).toBe(text);
  });

  test('a program that nothing is known of gets it as it is', () => {
    expect(spelled('shell', '!ls\\\n')).toBe('!ls\\\n');
  });
});

describe('a text is refused', () => {
  test.each([
    ['', 'there is nothing in it but blanks'],
    [' \n\t ', 'there is nothing in it but blanks'],
    ['a\x1b[201~\rrm', 'it holds the character U+001B, which cannot be typed'],
    ['a\u009b201~', 'it holds the character U+009B, which cannot be typed'],
    ['a\0', 'it holds the character U+0000, which cannot be typed'],
    ['a\x7f', 'it holds the character U+007F, which cannot be typed'],
    ['half a character: \ud83d', 'it holds the character U+D83D, which cannot be typed'],
    ['漢'.repeat(LONGEST_TEXT / 3 + 1), `it has ${LONGEST_TEXT + 2} bytes, and ${LONGEST_TEXT} can be typed at most`],
  ])('%j', (text, why) => {
    for (const kind of KINDS) expect(prepare(kind, text, false)).toEqual({ ok: false, why });
  });
});

test('nothing but line breaks and tabs reaches a terminal as a key', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 50 });
  void fc.assert(
    fc.property(fc.constantFrom(...KINDS), anything, fc.boolean(), (kind, text, literal) => {
      const prepared = prepare(kind, text, literal);
      if (prepared.ok) expect(prepared.text).not.toMatch(/(?![\n\t])\p{Cc}/u);
    }),
  );
});

test('all that a spelling adds are blanks around the text', () => {
  const anything = fc.string({ unit: fc.constantFrom('/', '!', '@', '\\', '$', 'a', ' ', '\n'), maxLength: 12 });
  void fc.assert(
    fc.property(fc.constantFrom(...KINDS), anything, (kind, text) => {
      const prepared = prepare(kind, text, false);
      if (prepared.ok) expect(prepared.text.trim()).toBe(text.trim());
    }),
  );
});

describe('a text is seen whole in the box', () => {
  const seen = (box: string, text: string, kind: (typeof KNOWN)[number] = 'claude') => {
    const keyboard = KEYBOARDS[kind];
    return keyboard !== undefined && isWholeIn(box, text, keyboard);
  };
  const long = 'The quick brown fox jumps over the lazy dog. '.repeat(40);

  test.each([
    ['as it is', 'go on', 'go on', true],
    ['wrapped and indented', 'go\n  on with it', 'go on with\tit', true],
    ['with its last blank gone', 'a\\', 'a\\ ', true],
    ['only its end, as it has scrolled', long.slice(-300), long, true],
    ['a picture that the terminal shows in another way', 'x', 'x👩‍👩‍👧', true],
    ['nothing but a picture', '👩 👩', '👩‍👩', true],
    ['marks that the terminal puts together', 'é', 'e\u0301', true],
    ['half of it', 'go', 'go on', false],
    ['a short end of it', 'dog.', long, false],
    ['something more', 'xgo on', 'go on', false],
    ['nothing', '', 'go on', false],
    ['nothing of a picture', '', '😀', false],
    ['a long text that the program has shortened', '[Pasted text #3 +40 lines]', long, true],
    ['that behind something else', 'x [Pasted text #3 +40 lines]', long, false],
  ])('%s', (_, box, text, whole) => expect(seen(box, text)).toBe(whole));

  test('as each program shortens it', () => {
    expect(seen('[Pasted text #2]', long)).toBe(true);
    expect(seen('[Pasted Content 1800 chars]', long, 'codex')).toBe(true);
    expect(seen('[Pasted Content 1800 chars]', long, 'claude')).toBe(false);
    expect(seen('[Pasted ~3 lines]', long, 'opencode')).toBe(true);
    expect(seen('[Pasted Text: 12 lines]', long, 'gemini')).toBe(true);
  });
});
