import { describe, expect, test } from 'vitest';
import { samplesOf as covering } from '../../src/policies/samples.ts';
import { MINUTE, NOW, SECOND, samplesOf } from './base.ts';

const all = (count: number) => samplesOf((count - 1) * 5 * SECOND, () => ({}));
const without = (from: number, to: number, every = 5 * SECOND, span = 10 * MINUTE) =>
  samplesOf(span, () => ({}), every).filter(({ at }) => NOW - at <= from || NOW - at >= to);

describe('the samples that cover a time', () => {
  test.each([
    ['the last alone cover nothing', all(10), 0, 1],
    ['from the last one before its beginning', all(100), 32 * SECOND, 8],
    ['one exactly at its beginning is enough', all(7), 30 * SECOND, 7],
    ['nothing from its beginning', all(6), 30 * SECOND, undefined],
    ['none at all', [], 0, undefined],
    ['three missed looks', without(0, 20 * SECOND), 30 * SECOND, 4],
    ['four missed looks in a row', without(0, 25 * SECOND), 30 * SECOND, undefined],
    ['the last look is too long ago', samplesOf(MINUTE, () => ({})).slice(0, -5), 30 * SECOND, undefined],
    ['a long time of which few samples are kept', samplesOf(60 * MINUTE, () => ({}), MINUTE), 60 * MINUTE, 61],
    ['too few of them', samplesOf(60 * MINUTE, () => ({}), 10 * MINUTE), 60 * MINUTE, undefined],
  ])('%s', (_name, samples, span, length) => {
    expect(covering(samples, span, NOW)?.length).toBe(length);
  });
});
