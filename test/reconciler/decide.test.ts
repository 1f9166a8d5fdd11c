import { describe, expect, test } from 'vitest';
import { reconcile } from '../../src/reconciler/reconcile.ts';
import { defaultStop } from '../../src/reconciler/stop.ts';
import type { Action } from '../../src/reconciler/types.ts';
import {
  all,
  appliedOf,
  base,
  type Change,
  code,
  died,
  history,
  NOW,
  newCommand,
  newLabel,
  noSession,
  pane,
  removedFromFile,
  restartAsked,
  SECOND,
  session,
  sessionOf,
  sessions,
  spec,
  specOf,
  spoilt,
  stoppedByPerson,
} from './base.ts';

/** The only action of this world. */
function only(...changes: readonly Change[]): Action {
  const { actions } = reconcile(spoilt(...changes));
  const [action, ...others] = actions;
  if (!action || others.length > 0) throw new Error(`expected one action, got ${JSON.stringify(actions)}`);
  return action;
}

test('all is well: nothing to do', () => expect(reconcile(base()).actions).toEqual([]));

describe('a start', () => {
  test('counts one life on', () => {
    expect(only(noSession('worker'), history('worker', { generation: 4 }))).toMatchObject({
      do: 'spawn',
      generation: 5,
    });
  });
  test('of an agent that was never heard of is its first life', () => {
    expect(only(noSession('worker'), history('worker', undefined))).toMatchObject({ do: 'spawn', generation: 1 });
  });
  test('counts on from the label where the ledger lags behind', () => {
    const change = all(pane('worker', { state: 'empty', pane: '%3' }), session('worker', { generation: 7 }));
    expect(only(change)).toMatchObject({ do: 'respawn', generation: 8 });
  });
  test('takes the settings of the file and the session that is there', () => {
    const action = only(died('worker', code(1), { at: NOW - SECOND }), newCommand('worker'));
    expect(action).toMatchObject({ do: 'respawn', spec: { fingerprint: 'v1:other' }, session: { id: '$3' } });
  });
});

describe('an end', () => {
  const stop = { sequence: [{ keys: ['C-c'] }], grace: SECOND };
  const promised = history('worker', { applied: { ...appliedOf(specOf('worker')), stop } });

  test('for other settings says what comes after it', () => {
    expect(only(newCommand('worker'))).toMatchObject({ do: 'end', next: { fingerprint: 'v1:other' } });
  });
  test('of a life that a person wants replaced has a new one after it', () => {
    expect(only(restartAsked('worker'))).toMatchObject({ do: 'end', next: { fingerprint: 'v1:worker' } });
  });
  test.each([
    ['a stop', stoppedByPerson('worker')],
    ['a restart', restartAsked('worker')],
  ])('by %s of a person who does not want to wait asks nobody', (_, change) => {
    expect(only(change)).toMatchObject({ stop: { grace: 5 * SECOND } });
    const hurried = only(all(change, history('worker', { hurry: true })));
    expect(hurried).toMatchObject({ do: 'end', stop: { sequence: [], grace: 0 } });
  });
  test('that a person asked for has nothing after it', () => {
    expect(only(stoppedByPerson('worker'))).toMatchObject({ do: 'end', next: undefined });
  });
  test.each<readonly [string, Change]>([
    ['for other settings', newCommand('worker')],
    ['by a person', stoppedByPerson('worker')],
    ['by removal', removedFromFile('worker')],
    ['by disabling', spec('worker', { enabled: false })],
  ])('%s stops as it was promised at the start, whatever the file says', (_, change) => {
    expect(only(promised, change, session('worker', {}))).toMatchObject({ stop });
  });
  test('of a session of which nothing is known is the default', () => {
    expect(only(history('worker', undefined), removedFromFile('worker'))).toMatchObject({ stop: defaultStop });
  });
});

test('of two sessions the one that does not own the name goes', () => {
  const change = sessions(
    'worker',
    sessionOf('worker', 8, { generation: 1 }),
    sessionOf('worker', 9, { generation: 2 }),
  );
  expect(only(change)).toMatchObject({ do: 'remove', session: { id: '$8' } });
});

test('of three sessions one goes in each pass', () => {
  const change = sessions('worker', ...[3, 8, 9].map((number) => sessionOf('worker', number)));
  expect(only(change)).toMatchObject({ do: 'remove', session: { id: '$8' } });
});

test('a hold remembers the settings that earned it', () => {
  expect(only(died('worker', code(127)))).toMatchObject({ do: 'hold', fingerprint: 'v1:worker' });
});

test('an update brings the settings of the file', () => {
  expect(only(newLabel('worker'))).toMatchObject({ do: 'update', spec: { settings: { 'labels.team': 'core' } } });
});
