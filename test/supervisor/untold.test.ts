import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Colony } from '../../src/supervisor/colony.ts';
import { stirs } from '../../src/supervisor/untold.ts';
import { all, type Change, died, noSession, nothing, pane, signal, spec, spoilt } from '../reconciler/base.ts';

/** A process that has ended. */
const GONE = spawnSync('true').pid;

/** All programs run: they are this process, so that they exist. */
const ALIVE = all(...['api', 'db', 'worker'].map((name) => runsAs(name, process.pid)));

function runsAs(name: string, pid: number): Change {
  return pane(name, { state: 'alive', pane: '%1', pid });
}

/** A colony as it was seen last, and how often its reports were read. */
function colonyOf(
  change: Change,
  more: Partial<Colony> = {},
): { readonly colony: Colony; readonly reads: () => number } {
  const { desired, observed } = spoilt(ALIVE, change);
  let reads = 0;
  const reports = {
    read: async () => {
      reads += 1;
    },
  };
  const reader = { knowsAny: () => false };
  const colony = { desired, observed, reports, reader, clock: () => 0, ...more } as unknown as Colony;
  return { colony, reads: () => reads };
}

test.each([
  ['all programs run', nothing, false],
  ['one has ended, and tmux does not tell', runsAs('db', GONE), true],
  ['one has ended and is not started again yet', died('db', signal(9)), true],
  ['one that is meant to run has no session', noSession('db'), true],
  ['one that is off has none', all(noSession('db'), spec('db', { enabled: false })), false],
])('%s', (_what, change, expected) => {
  expect(stirs(colonyOf(change).colony)).toBe(expected);
});

test('while it is not known what runs, all is to be read', () => {
  expect(stirs(colonyOf(nothing, { observed: { known: false, at: 0, why: 'hangs' } }).colony)).toBe(true);
});

test('programs that can be read may show something new at any time', () => {
  const reader = { knowsAny: () => true } as unknown as Colony['reader'];
  expect(stirs(colonyOf(nothing, { reader }).colony)).toBe(true);
});

test('reports that the system has not told of are read', () => {
  const { colony, reads } = colonyOf(nothing);
  stirs(colony);
  expect(reads()).toBe(1);
});
