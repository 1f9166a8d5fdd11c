import { describe, expect, test } from 'vitest';
import { parseEnvironments, runIn } from '../../src/processes/environ.ts';
import { type Proc, parsePs, parseStat } from '../../src/processes/table.ts';
import { remainsOf, treeOf } from '../../src/processes/tree.ts';

function table(...rows: readonly [pid: number, ppid: number, zombie?: boolean][]) {
  return new Map<number, Proc>(
    rows.map(([pid, ppid, zombie = false]) => [pid, { pid, ppid, zombie, start: `t${pid}` }]),
  );
}

const pids = (found: readonly Proc[]) => found.map(({ pid }) => pid).sort((a, b) => a - b);

describe('treeOf', () => {
  const world = table([1, 0], [10, 1], [11, 10], [12, 11], [20, 1], [21, 20]);
  test.each([
    ['a root and all below it', [10], [10, 11, 12]],
    ['several roots', [11, 20], [11, 12, 20, 21]],
    ['roots below each other are counted once', [10, 11], [10, 11, 12]],
    ['a root that is gone has no tree', [99], []],
  ])('%s', (_name, roots, expected) => expect(pids(treeOf(world, roots))).toEqual(expected));

  test('does not run in circles', () => {
    expect(pids(treeOf(table([5, 6], [6, 5]), [5]))).toEqual([5, 6]);
  });
});

describe('remainsOf', () => {
  const runs = new Map([
    [30, 'run-a'],
    [40, 'run-b'],
  ]);
  const runOf = ({ pid }: Proc) => runs.get(pid);
  const world = table([1, 0], [10, 1], [11, 10], [30, 1], [31, 30], [40, 1], [50, 1, true]);
  test.each([
    ['nothing was seen and nothing is marked', 'run-x', [], []],
    ['marked processes and all below them', 'run-a', [], [30, 31]],
    ['what was seen before, and what it has started since', 'run-x', [{ pid: 10, start: 't10' }], [10, 11]],
    ['a later process with the same pid is not the one that was seen', 'run-x', [{ pid: 10, start: 'older' }], []],
    ['a zombie has ended', 'run-x', [{ pid: 50, start: 't50' }], []],
  ])('%s', (_name, run, seen, expected) => expect(pids(remainsOf(world, run, runOf, seen))).toEqual(expected));
});

describe('parsing', () => {
  test('a name with spaces and brackets does not shift the fields', () => {
    const stat = '42 (evil) S 1 (x) R 7 42 42 0 -1 0 0 0 0 0 1 2 3 4 20 0 1 0 98765 1000 1';
    expect(parseStat(42, stat)).toEqual({ pid: 42, ppid: 7, start: '98765', zombie: false });
  });
  test.each([undefined, '', '42 (half'])('an unreadable line is no process: %s', (stat) => {
    expect(parseStat(42, stat)).toBeUndefined();
  });
  test('ps output', () => {
    const output = '  1     0 Ss   Fri Nov 20 10:00:00 2026\n 42     1 Z+   Fri Nov 20 10:00:01 2026\nnonsense\n';
    expect([...parsePs(output).values()]).toEqual([
      { pid: 1, ppid: 0, start: 'Fri Nov 20 10:00:00 2026', zombie: false },
      { pid: 42, ppid: 1, start: 'Fri Nov 20 10:00:01 2026', zombie: true },
    ]);
  });
  test('the environments of all processes', () => {
    const output = '    1 /sbin/launchd\n  4711 node x.js A=1 COLONY_RUN_ID=api-77 B=2\nnonsense\n';
    const found = parseEnvironments(output);
    expect([...found.keys()]).toEqual([1, 4711]);
    expect(runIn(found.get(4711) ?? '')).toBe('api-77');
  });
  test.each([
    ['A=1\0COLONY_RUN_ID=api-77\0B=2', 'api-77'],
    ['COLONY_RUN_ID=api-77', 'api-77'],
    ['node x.js A=1 COLONY_RUN_ID=api-77 B=2', 'api-77'],
    ['NOT_COLONY_RUN_ID=api-77\0', undefined],
    ['', undefined],
  ])('the run in an environment: %j', (environment, run) => expect(runIn(environment)).toBe(run));
});
