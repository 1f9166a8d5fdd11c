import { expect, test } from 'vitest';
import { wordsOn } from '../../src/agents/words.ts';

test.each<[string, string, string, boolean]>([
  ['a sign that spins', '✻ Cooking…', '· Cooking…', true],
  ['seconds', '(2s · ↓ 5 tokens)', '(3s · ↓ 5 tokens)', true],
  ['a clock', 'done 10:27 PM', 'done 9:27 PM', true],
  ['seconds that count down', 'will retry in 3m 58s', 'will retry in 2m 57s', true],
  ['braille', '⠋ work', '⠙ work', true],
  ['minutes', '(59s · ↓ 5 tokens)', '(1m 3s · ↓ 5 tokens)', true],
  ['tokens', '↓ 5 tokens', '↓ 6 tokens', false],
  ['thousands of tokens', '↓ 1.2k tokens', '↓ 1.3k tokens', false],
  ['another word', 'word1 word', 'word1 word word', false],
  ['letters of any script', '漢', '字', false],
])('%s: %j and %j', (_name, before, after, same) =>
  expect(wordsOn(['a', before]) === wordsOn(['a', after])).toBe(same),
);
