import { describe, expect, test } from 'vitest';
import { leftovers } from '../../src/reconciler/leftovers.ts';
import {
  all,
  type Change,
  code,
  died,
  history,
  lastExitOf,
  newCommand,
  noSession,
  nothing,
  pane,
  removedFromFile,
  session,
  signal,
  spoilt,
} from './base.ts';

const ending = { run: 'db-1', reason: { code: 'user_requested' } } as const;
const dead = pane('db', { state: 'dead', pane: '%2', exit: signal(15) });
const endedOnPurpose = history('db', { lastExit: lastExitOf('db', signal(15), { unplanned: false }) });
const left = [{ agent: 'db', run: 'db-1' }];

const ROWS: readonly (readonly [string, Change, readonly unknown[]])[] = [
  ['all is well', nothing, []],
  ['a stop was begun, and the program has ended', all(history('db', { ending }), dead), left],
  ['the same, and its session is gone', all(history('db', { ending }), noSession('db')), left],
  ['a stop was begun, and the program lives', history('db', { ending }), []],
  ['a stop that was written down to its end', all(endedOnPurpose, dead), left],
  [
    'the same of an agent that the file no longer has',
    all(endedOnPurpose, noSession('db'), removedFromFile('db')),
    left,
  ],
  ['a later life is there already', all(endedOnPurpose, session('db', { run: 'db-2', generation: 2 })), left],
  ['a stop of an earlier life', all(history('db', { ending: { ...ending, run: 'db-0' } }), dead), []],
  ['a crash', died('db', code(3)), left],
  ['a change in the file', newCommand('db'), []],
];

describe('leftovers', () => {
  test.each(ROWS)('%s', (_what, change, expected) => {
    const { observed, ledger } = spoilt(change);
    expect(leftovers(observed, ledger)).toEqual(expected);
  });
});
