import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCount, parseLabel, parseSpan } from '../../src/cli/options.ts';
import { formatSpan } from '../../src/reconciler/span.ts';

describe('parseSpan', () => {
  it.each([
    ['60s', 60_000],
    ['1m30s', 90_000],
    ['2h', 7_200_000],
    ['500ms', 500],
    ['1d', 86_400_000],
    ['0s', 0],
  ])('%s is %i ms', (written, span) => expect(parseSpan(written)).toBe(span));

  it.each(['', '60', 's', '1.5h', '5x', '1m 30s', '-1s', '1sm'])('refuses %j', (written) => {
    expect(() => parseSpan(written)).toThrow(`It must be a length of time such as 90s or 1m30s, got "${written}".`);
  });

  it('reads what formatSpan writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 119 }), (minutes) => {
        expect(parseSpan(formatSpan(minutes * 60_000))).toBe(minutes * 60_000);
      }),
    );
  });
});

describe('parseLabel', () => {
  it('splits at the first equals sign', () => expect(parseLabel('a=b=c')).toEqual(['a', 'b=c']));
  it.each(['', 'team', '=core'])('refuses %j', (written) => expect(() => parseLabel(written)).toThrow('key=value'));
});

describe('parseCount', () => {
  it('reads a number', () => expect(parseCount('200')).toBe(200));
  it.each(['0', '-1', '1.5', 'x', '', '1e3', '99999999999999999'])('refuses %j', (written) => {
    expect(() => parseCount(written)).toThrow('at least 1');
  });
});
