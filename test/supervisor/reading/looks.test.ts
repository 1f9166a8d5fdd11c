import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Session } from '../../../src/reconciler/types.ts';
import { Looks, leavesQuestion } from '../../../src/supervisor/reading/looks.ts';
import { Titles } from '../../../src/supervisor/reading/title.ts';

const ROOT = join(import.meta.dirname, '../../fixtures/screens/claude/2.1.329');
const screen = (name: string) => readFileSync(join(ROOT, `${name}.txt`), 'utf8').split('\n');

test('what stands on a screen counts when two looks agree on it', () => {
  const looks = new Looks();
  expect(looks.isDue(0, 0)).toBe(true);
  expect(looks.add('claude', screen('trust'), 0)).toBe(false);
  expect(looks.isDue(500, 0)).toBe(false);
  expect(looks.isDue(1_000, 0)).toBe(true);
  expect(looks.add('claude', screen('trust'), 1_000)).toBe(true);
  expect(looks.agreed).toMatchObject({ rule: 'trust', since: 0 });
  expect(looks.isDue(5_000, 0)).toBe(false);
  expect(looks.isDue(5_000, 4_000)).toBe(true);
  expect(looks.add('claude', screen('idle'), 5_000)).toBe(false);
  expect(looks.agreed?.rule).toBe('trust');
  expect(looks.add('claude', screen('idle'), 6_000)).toBe(true);
  expect(looks.agreed?.rule).toBe('idle');
});

test.each([
  ['gemini', 'busy', true],
  ['gemini', 'idle', true],
  ['gemini', 'waiting', false],
  ['codex', 'busy', false],
  ['codex', 'idle', true],
] as const)('a title of %s that says %s leaves a question: %s', (kind, state, leaves) => {
  expect(leavesQuestion(kind, [{ state, source: 'title', at: 0, text: 't' }], 0)).toBe(leaves);
});

const session = (title: string) => ({ title, started: 0 }) as Session;

test.each<[string, readonly [string, number][], string | undefined]>([
  ['what stood there before it was started', [['⠋ old', 100]], undefined],
  [
    'what it has set itself',
    [
      ['⠋ old', 100],
      ['proj', 900],
    ],
    'proj',
  ],
  [
    'what has stood there for long',
    [
      ['proj', 100],
      ['proj', 11_000],
    ],
    'proj',
  ],
  [
    'a spinner that does not move',
    [
      ['⠋ old', 100],
      ['⠋ old', 11_000],
    ],
    undefined,
  ],
  ['what an earlier supervisor has seen change', [['⠋ proj', 60_000]], '⠋ proj'],
])('a title: %s', (_, seen, expected) => {
  const titles = new Titles(session(seen[0]?.[0] ?? ''), seen[0]?.[1] ?? 0);
  expect(seen.map(([title, at]) => titles.own(session(title), at, at)?.text).at(-1)).toBe(expected);
});

test('a title is as old as the listing that it was read in last', () => {
  const titles = new Titles(session('proj'), 100);
  const seen = session('other');
  expect(titles.own(seen, 200, 250)?.at).toBe(200);
  expect(titles.own(seen, 200, 900)?.at).toBe(200);
  expect(titles.own(seen, 1_200, 1_250)?.at).toBe(1_200);
});

test('a screen is looked at again while it may have changed in the second of the last look', () => {
  const looks = new Looks();
  expect(looks.lateAt(0)).toBeUndefined();
  looks.add('codex', [], 2_500);
  expect(looks.lateAt(undefined)).toBeUndefined();
  expect(looks.lateAt(1_000)).toBeUndefined();
  expect(looks.lateAt(2_000)).toBe(3_500);
  looks.add('codex', [], 3_500);
  expect(looks.lateAt(2_000)).toBeUndefined();
});
