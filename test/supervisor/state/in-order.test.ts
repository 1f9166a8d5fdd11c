import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder } from '../../../src/supervisor/state/in-order.ts';

const of = (...numbers: number[]) => numbers.map((seq, at) => ({ seq, at }));
const order = (...numbers: number[]) => {
  const { items, strangers } = inOrder(of(...numbers), () => true);
  return [...items.map(({ seq }) => seq), ...(strangers > 0 ? [`${strangers} strange`] : [])];
};

test.each([
  [[], []],
  [
    [1, 2, 3],
    [1, 2, 3],
  ],
  [
    [1, 2, 5],
    [1, 2, 5],
  ],
  [
    [1, 3, 2, 4],
    [1, 2, 3, 4],
  ],
  [
    [2, 1],
    [1, 2],
  ],
  [
    [4, 1, 2, 3],
    [1, 2, 3, 4],
  ],
  [
    [3, 4, 5, 2],
    [2, 3, 4, 5],
  ],
  [
    [1, 2, 2, 3],
    [1, 2, 3],
  ],
  [
    [1, 2, 92, 4, 5],
    [1, 2, 4, 5, '1 strange'],
  ],
  [
    [11, 12, 1, 14, 15],
    [11, 12, 14, 15, '1 strange'],
  ],
])('%j gives %j', (numbers, expected) => expect(order(...numbers)).toEqual(expected));

test('the same number on different lines is a stranger', () => {
  const { items, strangers } = inOrder(of(1, 2, 2, 3), (a, b) => a.at === b.at);
  expect([items.map(({ seq }) => seq), strangers]).toEqual([[1, 2, 3], 1]);
});

test('whatever comes, the answer rises, and what rose is as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30)), (numbers) => {
      const { items } = inOrder(of(...numbers), () => true);
      const seqs = items.map(({ seq }) => seq);
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
      expect(inOrder(items, () => true)).toEqual({ items, sorted: false, strangers: 0 });
    }),
  );
});
