import { describe, expect, test } from 'vitest';
import { fingerprintOf, isOutdated } from '../../src/reconciler/outdated.ts';
import { code, lastExitOf, sessionOf, specOf } from './base.ts';

describe('isOutdated', () => {
  test.each([
    ['the same', 'v1:db', false],
    ['other settings', 'v1:before', true],
    ['another hash version', 'v0:before', false],
    ['a version that only begins alike', 'v10:before', false],
    ['unknown', undefined, false],
  ])('%s', (_, fingerprint, expected) => expect(isOutdated(fingerprint, specOf('db'))).toBe(expected));
});

describe('what a life that ended was started with', () => {
  const exit = lastExitOf('db', code(1), { fingerprint: 'v1:ledger' });
  test.each([
    ['its label tells', sessionOf('db', 2, { fingerprint: 'v1:label' }), 'v1:label'],
    ['the label of another life does not', sessionOf('db', 2, { fingerprint: 'v1:label', run: 'db-2' }), 'v1:ledger'],
    ['no label', sessionOf('db', 2, { fingerprint: undefined }), 'v1:ledger'],
    ['no session', undefined, 'v1:ledger'],
  ])('%s', (_, session, expected) => expect(fingerprintOf(exit, session)).toBe(expected));
});
