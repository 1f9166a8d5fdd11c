import { describe, expect, test } from 'vitest';
import { removalBy } from '../../src/reconciler/guard.ts';
import {
  base,
  type Change,
  code,
  died,
  NOW,
  newCommand,
  noSession,
  removedFromFile,
  sessionOf,
  sessions,
  spec,
  spoilt,
} from './base.ts';

const orphan = sessions('old', sessionOf('old', 4));
const only = (name: string): readonly Change[] =>
  ['api', 'db', 'worker']
    .filter((other) => other !== name)
    .flatMap((other) => [removedFromFile(other), noSession(other)]);

describe('what a configuration takes away from what runs', () => {
  test.each<readonly [string, readonly Change[], readonly string[], boolean]>([
    ['all is well: nothing', [], [], false],
    ['one of three', [removedFromFile('db')], ['db'], false],
    ['two of three: more than half', [removedFromFile('db'), removedFromFile('api')], ['api', 'db'], true],
    ['two of four: exactly half', [orphan, removedFromFile('db')], ['db', 'old'], false],
    ['one of one', [...only('db'), removedFromFile('db')], ['db'], true],
    ['none of one', only('db'), [], false],
    ['disabled is removed', [spec('db', { enabled: false }), spec('api', { enabled: false })], ['api', 'db'], true],
    ['a replacement is no removal', [newCommand('api'), newCommand('db'), newCommand('worker')], [], false],
    ['what is dead anyway does not count', [removedFromFile('db'), died('db', code(1))], [], false],
    ['nothing runs', ['api', 'db', 'worker'].flatMap((name) => [noSession(name), removedFromFile(name)]), [], false],
  ])('%s', (_, changes, removed, excessive) => {
    const { desired, observed } = spoilt(...changes);
    expect(removalBy(desired, observed)).toMatchObject({ removed, excessive });
  });

  test('an unknown world: nothing is known to be taken away', () => {
    expect(removalBy(base().desired, { known: false, at: NOW, why: 'timed out' })).toEqual({
      running: 0,
      removed: [],
      excessive: false,
    });
  });
});
