import { describe, expect, test } from 'vitest';
import { isTooOld, losesExits, parseVersion } from '../../src/tmux/version.ts';

describe('a version', () => {
  test.each([
    ['tmux 3.3a', { text: '3.3a', major: 3, minor: 3, patch: 'a' }],
    ['tmux 3.2a\n', { text: '3.2a', major: 3, minor: 2, patch: 'a' }],
    ['3.6', { text: '3.6', major: 3, minor: 6, patch: '' }],
    ['tmux next-3.6', { text: 'next-3.6', major: 3, minor: 6, patch: '' }],
    ['tmux 3.4-rc2', { text: '3.4-rc2', major: 3, minor: 4, patch: '' }],
    ['tmux master', { text: 'master', major: Number.POSITIVE_INFINITY, minor: 0, patch: '' }],
    ['tmux openbsd-7.4', { text: 'openbsd-7.4', major: Number.POSITIVE_INFINITY, minor: 0, patch: '' }],
    ['screen 4.9', undefined],
    ['', undefined],
  ])('%j', (said, version) => {
    expect(parseVersion(said)).toEqual(version);
  });

  test.each([
    ['2.9a', { old: true, loses: true }],
    ['3.2', { old: true, loses: true }],
    ['3.2a', { old: false, loses: true }],
    ['3.5a', { old: false, loses: true }],
    ['3.6', { old: false, loses: false }],
    ['3.10', { old: false, loses: false }],
    ['4.0', { old: false, loses: false }],
    ['master', { old: false, loses: false }],
  ])('%s', (text, { old, loses }) => {
    const version = parseVersion(text);
    if (!version) throw new Error(text);
    expect({ old: isTooOld(version), loses: losesExits(version) }).toEqual({ old, loses });
  });
});
