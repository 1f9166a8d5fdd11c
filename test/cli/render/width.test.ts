import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clip, oneLine, widthOf } from '../../../src/cli/render/width.ts';

it.each([
  ['abc', 3],
  ['', 0],
  ['é', 1],
  ['e\u0301', 1],
  ['日本', 4],
  ['🚀', 2],
  ['❯', 1],
])('%j takes %i columns', (text, width) => expect(widthOf(text)).toBe(width));

it.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['日本語', 4, '日…'],
])('%j within %i is %j', (text, columns, clipped) => expect(clip(text, columns)).toBe(clipped));

it('keeps within the columns, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, columns) => {
      expect(widthOf(clip(oneLine(text), columns))).toBeLessThanOrEqual(columns);
    }),
  );
});

it('a line cannot move the cursor', () => {
  expect(oneLine('a\n  b\x1b[2Jc')).toBe('a b?[2Jc');
});
