import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { argvOf, optionOf, wordsOf } from '../../src/agents/command.ts';
import { readLine } from '../../src/agents/simple-command.ts';

const flawOf = (line: string) => readLine(line).flaw;

describe('one simple command', () => {
  test.each([
    'claude',
    'claude --model opus',
    '  claude  ',
    'claude\n',
    'FOO=1 BAR="a b" claude',
    'exec claude',
    'env X=1 nice claude',
    'claude 2>/dev/null',
    'claude 2>&1',
    'claude >log 2>>log <input',
    'claude --append-system-prompt "a; b | c & d (e) #f"',
    "claude --append-system-prompt 'a; b | c & d (e) #f \"'",
    'claude --append-system-prompt "$(cat prompt.txt | head -1; echo ")")"',
    'claude --model $(echo opus)',
    'claude --model `echo "a;b"`',
    'claude --model "${MODEL:-opus; x}"',
    'claude --model ${MODEL:-"opus)"}',
    'claude a\\;b\\|c\\&d',
    'claude a#b',
    'claude "two\nlines"',
    'claude \\\n  --model opus',
    'claude "a \\" ; b"',
    'claude --n $((1 + (2)))',
  ])('%j', (line) => expect(flawOf(line)).toBeUndefined());

  test.each([
    ['cd /srv; claude', ';'],
    ['claude | tee log', '|'],
    ['claude || true', '|'],
    ['cd /srv && claude', '&'],
    ['claude &', '&'],
    ['claude &>log', '&'],
    ['(claude)', '('],
    ['cat <(claude)', '('],
    ['cd /srv\nclaude', 'more than one line'],
    ['claude # the best', 'comment'],
    ['#claude', 'comment'],
    ['claude <<EOF', 'here-document'],
    ['claude "open', 'not closed'],
    ["claude 'open", 'not closed'],
    ['claude `open', 'not closed'],
    ['claude $(open', 'not closed'],
    ['claude ${open', 'not closed'],
    ['claude \\', '\\'],
    ['claude >', 'redirection'],
  ])('is not: %j', (line, what) => expect(flawOf(line)).toContain(what));
});

describe('the words of a line', () => {
  test.each([
    ['claude --model opus', ['claude', '--model', 'opus']],
    ['claude "a b"c\'d e\' f\\ g', ['claude', 'a bcd e', 'f g']],
    ['claude 2>err >out --x < in -y', ['claude', '--x', '-y']],
    ['claude "a \\"b\\" \\$c"', ['claude', 'a "b" $c']],
    ['claude 2 >out', ['claude', '2']],
    ['claude ""', ['claude', '']],
  ])('%j', (line, words) => expect(readLine(line).words.map(({ text }) => text)).toEqual(words));

  test('those that only the shell knows are marked', () => {
    const words = readLine('a $B "c $D" \'$e\' "\\$f" `g` h*').words;
    expect(words.map(({ plain }) => plain)).toEqual([true, false, false, true, true, false, false]);
  });
});

describe('an option of a command', () => {
  const given = (line: string) => optionOf(wordsOf({ form: 'shell', line }), '--settings')?.text;
  test.each([
    ['claude', undefined],
    ['claude --settings a.json', 'a.json'],
    ['claude --settings=a.json -x', 'a.json'],
    ['claude --settings=\'{"a": 1}\'', '{"a": 1}'],
    ['claude --settings a --settings b', 'b'],
    ['claude --settings', undefined],
  ])('%j', (line, value) => expect(given(line)).toBe(value));
});

describe('words behind a command', () => {
  const run = ([program, ...words]: readonly [string, ...string[]]) =>
    execFileSync(program, words, { encoding: 'utf8', env: { PATH: process.env.PATH, NAME: 'of the shell' } });
  const print = "printf '%s\\0'";

  test('a list gets them at its end', () => {
    expect(argvOf({ form: 'words', words: ['a', 'b c'] }, ['d'])).toEqual(['a', 'b c', 'd']);
  });

  test('a line without more is as it was', () => {
    expect(argvOf({ form: 'shell', line: 'a | b' }, [])).toEqual(['/bin/sh', '-c', 'a | b']);
  });

  test('a line that is more than one command gets none', () => {
    expect(argvOf({ form: 'shell', line: 'a | b' }, ['c'])).toEqual(['/bin/sh', '-c', 'a | b']);
  });

  test.each([
    ['claude --model opus', 'exec claude --model opus "$@"'],
    ['  /opt/claude\n', 'exec   /opt/claude "$@"'],
    ['env A=1 claude', 'exec env A=1 claude "$@"'],
    ['claude 2>log', 'exec claude 2>log "$@"'],
    ['exec claude', 'exec claude "$@"'],
    ['A=1 claude', 'A=1 claude "$@"'],
    ['command claude', 'command claude "$@"'],
    ['time claude', 'time claude "$@"'],
    ['! claude', '! claude "$@"'],
    ['"my claude" -x', '"my claude" -x "$@"'],
    ['cla"u"de -x', 'cla"u"de -x "$@"'],
    ['$CLAUDE', '$CLAUDE "$@"'],
    ['2>log claude', '2>log claude "$@"'],
  ])('the shell becomes the program where that is sure to be right: %j', (line, whole) => {
    expect(argvOf({ form: 'shell', line }, ['c'])).toEqual(['/bin/sh', '-c', whole, 'sh', 'c']);
  });

  test('reach the program whole, whatever they hold; what the user wrote is for the shell', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))), (more) => {
        const line = `${print} "$NAME" 'a b' c\\;d 2>/dev/null`;
        const printed = run(argvOf({ form: 'shell', line }, more));
        expect(printed.split('\0').slice(0, -1)).toEqual(['of the shell', 'a b', 'c;d', ...more]);
      }),
      { numRuns: 60 },
    );
  });

  /** Whatever is taken for one command: the words arrive behind those of the user, or nothing at all runs. */
  test('a line that is let pass is one command for the shell as well', () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      '"',
      "'",
      '\\',
      '$',
      '(',
      ')',
      '{',
      '}',
      '`',
      ';',
      '|',
      '&',
      '<',
      '>',
      '#',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const line = `${print} ${pieces.join('')}`;
        if (readLine(line).flaw !== undefined || />/.test(line)) return;
        let printed: string;
        try {
          printed = execFileSync('/bin/sh', ['-c', `${line.trimEnd()} "$@"`, 'sh', 'LAST'], {
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'ignore'],
          });
        } catch {
          return;
        }
        expect(printed.endsWith('LAST\0')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
