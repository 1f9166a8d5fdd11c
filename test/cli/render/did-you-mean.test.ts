import { expect, it } from 'vitest';
import { didYouMean } from '../../../src/cli/render/did-you-mean.ts';

const NAMES = ['backend', 'worker-1', 'worker-2', 'db'];

it.each([
  ['bakend', 'backend'],
  ['Backend', 'backend'],
  ['worker-3', 'worker-1'],
  ['bd', undefined],
  ['d', 'db'],
  ['zzzzzzzz', undefined],
])('%s: %s', (written, meant) => expect(didYouMean(written, NAMES)).toBe(meant));

it('knows nothing where there is nothing', () => expect(didYouMean('a', [])).toBeUndefined());
