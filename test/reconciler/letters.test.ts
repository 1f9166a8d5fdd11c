import { describe, expect, test } from 'vitest';
import { nothingTold } from '../../src/reconciler/nothing-told.ts';
import type { Activity, Letter } from '../../src/reconciler/types.ts';
import {
  advised,
  all,
  type Change,
  history,
  inWords,
  MINUTE,
  NOW,
  nothing,
  planned,
  SECOND,
  situationIn,
  spec,
  spoilt,
  typed,
} from './base.ts';

const letter: Letter = {
  id: '1',
  what: { text: 'go on', submit: true, literal: false },
  when: 'now',
  force: false,
  since: NOW,
};

/** Somebody wants something to be typed into `db`. */
const wants =
  (patch: Partial<Letter> = {}): Change =>
  (world) => ({ ...world, letters: new Map([['db', [{ ...letter, ...patch }]]]) });

const claude = spec('db', { kind: 'claude' });

/** What the program of `db` is doing. */
const is =
  (state: Activity['state'], patch: Partial<Activity> = {}): Change =>
  (world) => {
    const activity = { state, source: 'record', at: NOW, since: NOW, ...patch } as const;
    const vitals = { run: 'db-1', samples: [], activity, output: NOW, said: undefined, told: nothingTold };
    return { ...world, vitals: new Map(world.vitals).set('db', vitals) };
  };

const TYPED = ['type db: user_requested'];

describe('what a person wants to be typed', () => {
  test.each<[string, Change, readonly string[]]>([
    ['nothing while nobody asks for it', all(claude, is('idle')), []],
    ['into a program that is idle', all(claude, is('idle'), wants()), TYPED],
    ['into one that keeps it until it is through', all(claude, is('busy'), wants()), TYPED],
    ['not into one that would lose it', all(spec('db', { kind: 'aider' }), is('busy'), wants()), []],
    ['not while it is busy, if it is to wait for that', all(claude, is('busy'), wants({ when: 'idle' })), []],
    ['not into a dialog', all(claude, is('waiting', { for: 'permission' }), wants()), []],
    ['not before a usage limit is reset', all(claude, is('limited', { until: NOW + MINUTE }), wants()), []],
    ['not while nobody knows when it is reset', all(claude, is('limited'), wants()), []],
    ['after the reset', all(claude, is('limited', { until: NOW - SECOND }), wants()), TYPED],
    ['not while nothing is known of it', all(claude, is('unknown'), wants()), []],
    ['not before it was looked at', all(claude, wants()), []],
    ['not while it only prints, as when it starts', all(claude, is('busy', { source: 'output' }), wants()), []],
    ['into a shell, of which nobody knows more', wants(), TYPED],
    ['not while another person types there', all(claude, is('idle'), wants(), typed('db', SECOND)), []],
    ['into anything, by force', all(claude, is('waiting'), wants({ force: true }), typed('db', SECOND)), TYPED],
  ])('%s', (_, change, expected) => expect(planned(spoilt(change))).toEqual(expected));

  test('comes after the restart that is due', () => {
    const change = all(claude, is('idle'), wants(), history('db', { replace: 'db-1' }));
    expect(planned(spoilt(change))).toEqual(['end db: user_requested']);
  });

  test('is not written down when it waits: who asked for it is told', () => {
    const world = spoilt(all(claude, is('waiting'), wants()));
    expect(inWords(situationIn(world))).toBe('deferred');
    expect(planned(world)).toEqual([]);
  });
});

describe('what a policy types', () => {
  const says = (patch: object = {}) => advised('db', { do: 'send', text: 'continue' }, { policy: 'idle', ...patch });

  test.each<[string, Change, readonly string[]]>([
    ['is typed', all(claude, is('idle'), says()), ['send db: max_age']],
    ['once, until the policy was silent', all(claude, is('idle'), says(), said('idle')), []],
    [
      'never into a dialog, however long that takes',
      all(claude, is('waiting'), says({ patience: 0 })),
      ['defer db: max_age'],
    ],
    ['not before a limit is reset', all(claude, is('limited', { until: NOW + MINUTE }), says()), ['defer db: max_age']],
    [
      'when it is about the limit itself',
      all(claude, is('limited', { until: NOW + 1 }), says({ policy: 'limit' })),
      ['send db: max_age'],
    ],
    ['nothing into a program of which nothing is known', all(claude, nothing, says()), ['defer db: max_age']],
  ])('%s', (_, change, expected) => expect(planned(spoilt(change))).toEqual(expected));

  function said(policy: string): Change {
    return history('db', { alerts: { [policy]: { level: 'warn', reason: { code: 'user_requested' }, since: NOW } } });
  }
});
