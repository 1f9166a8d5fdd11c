import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNewer } from '../../src/control/semver.ts';

/** From old to new, as semver.org orders them. */
const LADDER = [
  ...['0.1.0-alpha', '0.1.0-alpha.1', '0.1.0-alpha.beta', '0.1.0-beta', '0.1.0-beta.2', '0.1.0-beta.11'],
  ...['0.1.0-rc.1', '0.1.0', '0.1.9', '0.1.10', '0.2.0-0', '0.2.0', '0.10.0', '1.0.0-1', '1.0.0--1', '1.0.0', '10.0.0'],
];

describe('isNewer', () => {
  test('knows the order of releases and pre-releases', () => {
    for (const [at, version] of LADDER.entries()) {
      for (const [other, than] of LADDER.entries()) {
        expect([version, than, isNewer(version, than)]).toEqual([version, than, at > other]);
      }
    }
  });

  test('what a build adds does not count', () => {
    expect(isNewer('1.0.0+2', '1.0.0+1')).toBe(false);
    expect(isNewer('1.0.1+1', '1.0.0+2')).toBe(true);
  });

  test.each(['', 'dev', '1', '1.0', 'v1.0.0', '1.0.0-', '1.0.0 '])('%j is no version', (text) => {
    expect([isNewer(text, '0.0.0'), isNewer('9.9.9', text)]).toEqual([false, false]);
  });

  test('no two versions are newer than each other', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => !(isNewer(a, b) && isNewer(b, a))));
  });
});
