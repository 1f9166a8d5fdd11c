import { describe, expect, test } from 'vitest';
import { type Diagnostic, inReadingOrder, render } from '../../src/config/diagnostic.ts';
import { expandPattern, matches } from '../../src/config/glob.ts';
import { kindOf } from '../../src/config/kind.ts';
import { closest, suggestKey } from '../../src/config/suggest.ts';
import { memoryReader } from './memory.ts';

describe('the kind of a command', () => {
  test.each([
    ['claude --model opus', 'claude'],
    ['/usr/local/bin/claude', 'claude'],
    ['~/.local/bin/codex', 'codex'],
    ['env -u B A=1 claude', 'claude'],
    ['A=1 B="2" gemini', 'gemini'],
    ['exec aider --yes', 'aider'],
    ['npx -y @openai/codex@latest', 'codex'],
    ['npx @google/gemini-cli', 'gemini'],
    ['npx -y opencode-ai@1.2', 'opencode'],
    ['bunx @anthropic-ai/claude-code', 'claude'],
    ['uvx --from aider-chat aider', 'aider'],
    ['pipx run aider-chat', 'aider'],
    ['"claude" -c', 'claude'],
    ['claude; true', 'claude'],
    ['cd x && claude', 'shell'],
    ['claudette', 'shell'],
    ['bash -c claude', 'shell'],
    ['env', 'shell'],
    ['A=1', 'shell'],
    ['', 'shell'],
    ['A=1 '.repeat(100_000), 'shell'],
  ])('%.40s', (line, kind) => expect(kindOf({ form: 'shell', line })).toBe(kind));

  test('of words', () => {
    expect(kindOf({ form: 'words', words: ['/opt/x/opencode', '--port', '1'] })).toBe('opencode');
    expect(kindOf({ form: 'words', words: ['claude code'] })).toBe('shell');
  });
});

describe('what was meant', () => {
  const keys = ['workdir', 'command', 'env', 'restart', 'stop', 'labels', 'depends_on'];
  test.each([
    ['comand', 'command'],
    ['labls', 'labels'],
    ['working_dir', 'workdir'],
    ['working-dir', 'workdir'],
    ['CWD', 'workdir'],
    ['dependsOn', 'depends_on'],
    ['depends-on', 'depends_on'],
    ['kill_timeout', 'stop.grace'],
    ['healthcheck', undefined],
    ['constructor', undefined],
    ['__proto__', undefined],
    ['x'.repeat(1000), undefined],
    ['', undefined],
  ])('%.20s', (written, meant) => expect(suggestKey(written, keys)).toBe(meant));

  test('nothing is suggested for itself', () => expect(closest('env', ['env'])).toBeUndefined());
});

describe('patterns', () => {
  test.each([
    ['*.yaml', 'a.yaml', true],
    ['*.yaml', '.yaml', false],
    ['.*', '.a', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*', '', true],
    ['a*b*c', 'a1b2c', true],
    ['a*b*c', 'a1c2b', false],
    ['a.c', 'abc', false],
    ['**', 'abc', true],
    [`${'*a'.repeat(30)}b`, 'a'.repeat(60), false],
    ['work*', 'worker-1', true],
    ['worker-?', 'worker-12', false],
    ['a.i', 'api', false],
  ])('%s and %s', (pattern, name, fits) => expect(matches(pattern, name)).toBe(fits));

  test('expand folder by folder, sorted, files only', () => {
    const reader = memoryReader({ '/r/b/x.yaml': '', '/r/a/x.yaml': '', '/r/a/sub.yaml/y': '', '/r/x.yaml': '' });
    expect(expandPattern('/r/*/*.yaml', reader)).toEqual(['/r/a/x.yaml', '/r/b/x.yaml']);
    expect(expandPattern('/nowhere/*.yaml', reader)).toEqual([]);
  });
});

describe('rendering', () => {
  const at = { file: 'f.yaml', line: 2, column: 3, endColumn: 6 };
  const one: Diagnostic = { code: 'bad_value', message: '`a` must be 1, got 2', at };
  const show = (diagnostic: Partial<Diagnostic>, text: string, colour = false) =>
    render([{ ...one, ...diagnostic }], new Map([['f.yaml', text]]), { colour });

  test('a frame with carets', () =>
    expect(show({ hint: 'write 1' }, 'x\na: 234\n')).toBe(
      'f.yaml:2:3: error[bad_value]: `a` must be 1, got 2\n    2 | a: 234\n      |   ^^^\n  hint: write 1\n\n1 mistake in one file\n',
    ));

  test('no text, no frame', () =>
    expect(render([one], new Map(), { colour: false })).toBe(
      'f.yaml:2:3: error[bad_value]: `a` must be 1, got 2\n\n1 mistake in one file\n',
    ));

  test('tabs keep the carets in their column', () => {
    expect(show({ at: { ...at, column: 2, endColumn: 3 } }, 'x\n\ta')).toContain('\n    2 | \ta\n      | \t^\n');
  });

  test('of a long line only the part around the place', () => {
    const text = show({ at: { ...at, column: 5001, endColumn: 5004 } }, `x\n${'-'.repeat(5000)}bad${'-'.repeat(5000)}`);
    const [, line = '', carets = ''] = text.split('\n');
    expect(line.length).toBeLessThan(120);
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('bad');
  });

  test('an end beyond the line', () => {
    expect(show({ at: { ...at, endColumn: 500 } }, 'x\na: 1')).toContain('\n      |   ^^\n');
    expect(show({ at: { ...at, column: 90 } }, 'x\na: 1')).toContain('^');
  });

  test('control characters do not reach the terminal', () => {
    const text = show({ message: 'a\u001b[2Jb', hint: '\u0007' }, 'x\n\u001b]0;title\u0007 \u009b31m');
    expect(text).not.toMatch(/[\u0007\u001b\u009b]/);
  });

  test('colour is only added', () => {
    const coloured = show({ hint: 'write 1' }, 'x\na: 234', true);
    expect(coloured).toContain('\u001b[');
    expect(coloured.replaceAll(/\u001b\[[0-9;]*m/g, '')).toBe(show({ hint: 'write 1' }, 'x\na: 234'));
  });

  test('reading order: the main file, then line by line; the same thing once', () => {
    const place = (file: string, line: number) => ({ ...one, at: { ...at, file, line } });
    const sorted = inReadingOrder(
      [place('a', 2), place('main', 9), place('a', 1), place('main', 3), place('a', 2)],
      'main',
    );
    expect(sorted.map(({ at: { file, line } }) => `${file}:${line}`)).toEqual(['main:3', 'main:9', 'a:1', 'a:2']);
  });

  test('how many files', () => {
    const two = [one, { ...one, at: { ...at, file: 'g.yaml' } }];
    expect(render(two, new Map(), { colour: false })).toContain('\n\n2 mistakes in 2 files\n');
  });
});
