import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { KEYBOARDS } from '../../src/agents/typing.ts';

const SCREENS = fileURLToPath(new URL('../fixtures/screens', import.meta.url));
const STATES: Record<string, Record<string, string>> = JSON.parse(readFileSync(join(SCREENS, 'index.json'), 'utf8'));

/** What the box of a kind holds on a captured screen, wherever the cursor may be; captures do not tell what is dim. */
function boxes(kind: 'claude' | 'codex' | 'gemini' | 'opencode', name: string, shown = true): readonly string[] {
  const [version = ''] = readdirSync(join(SCREENS, kind));
  const lines = readFileSync(join(SCREENS, kind, version, name), 'utf8')
    .split('\n')
    .map((line) => line.trimEnd());
  const found = lines.map((_, y) => KEYBOARDS[kind]?.box({ lines, bright: lines, cursor: { x: 2, y, shown } }));
  return [...new Set(found.filter((box) => box !== undefined))];
}

const named = (kind: string, version: string, state: RegExp) =>
  Object.entries(STATES[`${kind}/${version}`] ?? {}).flatMap(([name, is]) => (state.test(is) ? [name] : []));

const CLAUDE = '2.1.329';
describe('the box of Claude Code', () => {
  // After an error of the API it waits for a login with its box open.
  const dialogs = named('claude', CLAUDE, /^waiting/).filter((name) => !/^(error|login|retrying)/.test(name));
  test.each([...dialogs, 'transcript-view.txt'])('is not to be seen in %s', (name) => {
    expect(boxes('claude', name)).toEqual([]);
  });

  test.each(named('claude', CLAUDE, /^(idle|busy)/).filter((name) => !/view/.test(name)))('is one in %s', (name) => {
    expect(boxes('claude', name)).toHaveLength(1);
  });

  test.each([
    ['idle.txt', ''],
    ['idle@80x24.txt', ''],
    ['idle-fake-dialog-text.txt', ''],
    ['busy.txt', ''],
    ['queued.txt', ''],
    ['stashed.txt', ''],
    ['draft.txt', 'abc'],
    ['draft-classic.txt', 'abc'],
    ['draft@80x24.txt', 'draft text'],
    ['busy-draft.txt', 'drf'],
    ['draft-pasted.txt', '[Pasted text #1 +6 lines]'],
    ['draft-shell-mode.txt', '! ls'],
    ['at-menu.txt', 'see @pack'],
    ['slash-menu.txt', '/mod'],
  ])('holds in %s', (name, text) => expect(boxes('claude', name)).toEqual([text]));
});

describe('the box of Codex', () => {
  test.each(named('codex', '0.169.0', /./))('is not there without its cursor in %s', (name) => {
    expect(boxes('codex', name, false)).toEqual([]);
  });

  test.each([
    ['draft.txt', 'a draft text'],
    ['busy-draft.txt', 'tab queued'],
    ['shell-mode-draft.txt', '! ls'],
  ])('holds in %s', (name, text) => expect(boxes('codex', name)).toContain(text));
});

describe('the box of Gemini CLI', () => {
  const dialogs = named('gemini', '0.61.0', /^(waiting|limited)/);
  test.each(dialogs)('is not to be seen in %s', (name) => expect(boxes('gemini', name)).toEqual([]));

  test.each(named('gemini', '0.61.0', /^(idle|busy)/))('is one in %s', (name) => {
    expect(boxes('gemini', name)).toHaveLength(1);
  });
});

describe('what nobody has typed', () => {
  const rule = '─'.repeat(40);
  const view = (row: string, bright: string) => ({
    lines: [rule, row, rule],
    bright: [rule, bright, rule],
    cursor: { x: 2, y: 1, shown: false },
  });

  test.each([
    ['nothing', '❯', '❯', ''],
    ['a suggestion, on whose first letter the cursor stands', '❯ Resend your message', '❯ R', ''],
    ['one letter', '❯ R', '❯ R', 'R'],
    ['a draft', '❯ Resend', '❯ Resend', 'Resend'],
    ['a draft with a suggestion behind it', '❯ /comp act', '❯ /comp', '/comp'],
    ['a command of the shell', '! ls', '! ls', '! ls'],
    ['one that is about to be', '!', '!', '!'],
  ])('is not in the box of Claude Code: %s', (_, row, bright, text) => {
    expect(KEYBOARDS.claude?.box(view(row, bright))).toBe(text);
  });

  test('is not in that of Codex', () => {
    const lines = ['', '› Ask Codex to do anything', '', '  gpt-5-codex default'];
    const seen = { lines, bright: lines.with(1, '›'), cursor: { x: 2, y: 1, shown: true } };
    expect(KEYBOARDS.codex?.box(seen)).toBe('');
  });

  test('is not in those of others', () => {
    expect(boxes('gemini', 'idle.txt')).toContain('');
    expect(boxes('opencode', 'idle.txt')).toContain('');
    expect(KEYBOARDS.aider?.box({ lines: ['ask> '], bright: ['ask>'], cursor: { x: 5, y: 0, shown: true } })).toBe('');
  });
});

test('the box of Gemini stands above its footer, and the cursor below', () => {
  const box = (...rows: readonly string[]) => {
    const lines = ['✦ an answer', ' > an earlier prompt', '─'.repeat(40), ' Shift+Tab to accept edits', '', ...rows];
    return KEYBOARDS.gemini?.box({ lines, bright: lines, cursor: { x: 0, y: lines.length, shown: false } });
  };
  const footer = ['', ' workspace (/directory)   sandbox', ' /home/me/work   no sandbox', ''];
  expect(box(' >   Type your message or @path/to/file', ...footer)).toBe('');
  expect(box(' > one', '', '   two', ...footer)).toBe('one\n\ntwo');
  expect(box(' > one', '')).toBe('one');
  expect(box('╭─────', '│ Allow execution of [Shell]?', '│ ● 1. Allow once', '╰─────')).toBeUndefined();
  expect(box(' > one', '│ Allow execution of [Shell]?', ...footer)).toBeUndefined();
});
