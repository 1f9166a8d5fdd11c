import { describe, expect, test } from 'vitest';
import { ownerFirst, pair } from '../../src/reconciler/pair.ts';
import { base, noSession, removedFromFile, sessionOf, sessions, spoilt } from './base.ts';

const pairsOf = ({ desired, observed }: ReturnType<typeof base>) =>
  pair(desired, observed).map(({ agent, spec, session, duplicates }) => [
    agent,
    spec?.name,
    session?.id,
    duplicates.map(({ id }) => id),
  ]);

describe('pair', () => {
  test('all is well: each agent has its session', () => {
    expect(pairsOf(base())).toEqual([
      ['api', 'api', '$1', []],
      ['db', 'db', '$2', []],
      ['worker', 'worker', '$3', []],
    ]);
  });

  test('an agent without a session, and a session without an agent', () => {
    expect(pairsOf(spoilt(noSession('api'), removedFromFile('db')))).toEqual([
      ['api', 'api', undefined, []],
      ['db', undefined, '$2', []],
      ['worker', 'worker', '$3', []],
    ]);
  });

  test('the name of a session does not matter, only its label', () => {
    const renamed = spoilt(sessions('db', sessionOf('db', 2, { name: 'api' })));
    expect(pairsOf(renamed)).toEqual(pairsOf(base()));
  });
});

describe('who owns the name of an agent', () => {
  const first = sessionOf('db', 9);
  const copy = sessionOf('db', 10);
  const later = sessionOf('db', 11, { generation: 2 });

  test('the latest life', () => expect(ownerFirst([first, copy, later])[0]).toBe(later));
  test('of one life the session that was made first, by number and not by text', () => {
    expect(ownerFirst([copy, first])).toEqual([first, copy]);
  });
  test('whatever the order', () => expect(ownerFirst([copy, later, first])).toEqual(ownerFirst([first, later, copy])));
});
