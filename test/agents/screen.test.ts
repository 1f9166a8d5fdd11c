import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeScreen } from '../../src/agents/screen.ts';
import type { Kind } from '../../src/reconciler/types.ts';

const ROOT = join(import.meta.dirname, '../fixtures/screens');

/** What each screen was in truth; `not shown`: it cannot be seen there, and then nothing may be said. */
const INDEX = JSON.parse(readFileSync(join(ROOT, 'index.json'), 'utf8')) as Record<string, Record<string, string>>;

const screen = (of: string, file: string) => readFileSync(join(ROOT, of, file), 'utf8').split('\n');

const judged = (of: string, lines: readonly string[]) => {
  const judgement = judgeScreen(of.split('/')[0] as Kind, lines);
  if (!judgement || judgement.says === 'nothing') return 'nothing';
  const { state, for: what } = judgement.says;
  return [state, what, judgement.until && `| ${judgement.until}`].filter(Boolean).join(' ');
};

describe.each(Object.entries(INDEX))('screens of %s', (of, files) => {
  test.each(Object.entries(files))('%s: %s', (file, truth) => {
    expect(judged(of, screen(of, file))).toBe(truth.endsWith('not shown') ? 'nothing' : truth);
  });

  test('are all in the index', () => {
    expect(readdirSync(join(ROOT, of)).sort()).toEqual(Object.keys(files).sort());
  });
});

test('captures hold nothing of the machine they come from', () => {
  for (const [of, files] of Object.entries(INDEX))
    for (const file of Object.keys(files)) expect(screen(of, file).join('\n')).not.toMatch(/\/tmp\/lab|\/root\b|@vm\b/);
});

const LOOKS_LIKE = [
  'Do you want to proceed?',
  '❯ 1. Yes',
  '  2. No',
  'Esc to cancel · Tab to amend',
  'Enter to select · ↑/↓ to navigate · Esc to cancel',
  '✻ Working… (3s · esc to interrupt)',
  '● Please run /login · API Error: 401',
  'Is this a project you created or one you trust?',
  'Do you want to use this API key?',
  'Press enter to confirm or esc to cancel',
  'esc interrupt',
  '■ You’ve hit your usage limit. try again at 6:51 PM.',
];

describe('what a person types, or an answer quotes, is no dialog', () => {
  const lines = fc.array(fc.oneof(fc.constantFrom(...LOOKS_LIKE), fc.lorem()), { minLength: 1, maxLength: 6 });

  test('in the box of Claude Code', () => {
    const idle = screen('claude/2.1.329', 'idle.txt');
    const box = idle.findLastIndex((line) => line.startsWith('❯'));
    fc.assert(
      fc.property(lines, ([first = '', ...rest]) => {
        const draft = [`❯ ${first}`, ...rest.map((line) => `  ${line}`)];
        expect(judged('claude/2.1.329', idle.toSpliced(box, 1, ...draft))).toBe('idle');
      }),
    );
  });

  test('in an answer of Claude Code', () => {
    const idle = screen('claude/2.1.329', 'idle.txt');
    const answer = idle.findLastIndex((line) => line.startsWith('●'));
    fc.assert(
      fc.property(lines, (quoted) => {
        const said = ['● here it is:', ...quoted.map((line) => `  ${line}`)];
        expect(judged('claude/2.1.329', idle.toSpliced(answer, 1, ...said))).toBe('idle');
      }),
    );
  });

  test('in the box of Codex', () => {
    const idle = screen('codex/0.169.0', 'idle.txt');
    const box = idle.findLastIndex((line) => line.startsWith('› Ask'));
    fc.assert(
      fc.property(lines, ([first = '', ...rest]) => {
        const draft = [`› ${first}`, ...rest.map((line) => `  ${line}`)];
        expect(judged('codex/0.169.0', idle.toSpliced(box, 1, ...draft))).toBe('nothing');
      }),
    );
  });
});

describe('kinds without captures', () => {
  test.each<[Kind, string, string]>([
    ['gemini', '│ Do you trust this folder?\n│ ● 1. Trust folder', 'waiting trust'],
    ['gemini', 'How would you like to authenticate for this project?\n ● 1. Login', 'waiting login'],
    ['gemini', 'Usage limit reached for gemini-pro.\n ● 1. Keep trying', 'limited'],
    ['aider', 'Aider v0.86\n\nask> ', 'idle'],
    ['aider', '> ', 'idle'],
    ['aider', 'Create new file? (Y)es/(N)o [Yes]: ', 'waiting permission'],
    ['aider', 'litellm.RateLimitError\nRetrying in 0.2 seconds...', 'busy'],
    ['aider', 'writing', 'nothing'],
    ['shell', '$ ', 'nothing'],
  ])('%s: %s', (kind, text, truth) => expect(judged(kind, text.split('\n'))).toBe(truth));
});

test('any text is judged, and quickly', () => {
  const kinds = fc.constantFrom<Kind>('claude', 'codex', 'gemini', 'opencode', 'aider');
  const line = fc.oneof(fc.string(), fc.constantFrom('─'.repeat(120), '❯ ', '› x', '✻ a…', ...LOOKS_LIKE));
  fc.assert(
    fc.property(kinds, fc.array(line, { maxLength: 60 }), (kind, lines) => {
      const began = performance.now();
      judgeScreen(kind, lines);
      expect(performance.now() - began).toBeLessThan(2_000);
    }),
    { numRuns: 500 },
  );
});

test('Gemini asks whether it may go round in circles', () => {
  const dialog = [
    '│ A potential loop was detected',
    '│ ● 1. Keep loop detection enabled (esc)',
    '│   2. Disable loop detection for this session',
    '╰──────────',
  ];
  expect(judged('gemini', dialog)).toBe('waiting question');
  // What it says afterwards, in an answer, asks nothing.
  expect(judged('gemini', ['ℹ A potential loop was detected.'])).not.toBe('waiting question');
});
