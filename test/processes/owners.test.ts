import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Claims, ownersOf } from '../../src/processes/owners.ts';
import type { Proc, Table } from '../../src/processes/table.ts';

function table(...rows: readonly [pid: number, ppid: number, zombie?: boolean][]): Table {
  return new Map(rows.map(([pid, ppid, zombie = false]) => [pid, { pid, ppid, zombie, start: `t${pid}` }]));
}

/** Two agents, each with a child; 30 escaped from the first, 31 is its child; 40 is nobody's. */
const WORLD = table([1, 0], [10, 1], [11, 10], [20, 1], [21, 20], [30, 1], [31, 30], [40, 1]);

const claims = (patch: Partial<Claims> = {}): Claims => ({
  mains: new Map([
    [10, 'a'],
    [20, 'b'],
  ]),
  remembered: new Map(),
  runOf: ({ pid }) => (pid === 30 ? 'a' : undefined),
  ...patch,
});

const shown = (owned: ReadonlyMap<string, readonly Proc[]>) =>
  Object.fromEntries([...owned].map(([run, list]) => [run, list.map(({ pid }) => pid).sort((x, y) => x - y)]));

describe('ownersOf', () => {
  test.each<[string, Table, Partial<Claims>, Record<string, number[]>]>([
    ['below a program, and escaped with its environment', WORLD, {}, { a: [10, 11, 30, 31], b: [20, 21] }],
    [
      'escaped and hidden, but seen before',
      WORLD,
      { runOf: () => undefined, remembered: new Map([[30, { start: 't30', run: 'b' }]]) },
      { a: [10, 11], b: [20, 21, 30, 31] },
    ],
    [
      'a later process with a pid that was seen before',
      WORLD,
      { runOf: () => undefined, remembered: new Map([[30, { start: 'older', run: 'b' }]]) },
      { a: [10, 11], b: [20, 21] },
    ],
    [
      'a program below another one is its own',
      table([1, 0], [10, 1], [20, 10], [21, 20]),
      { runOf: () => undefined },
      { a: [10], b: [20, 21] },
    ],
    [
      'a run that nobody asks about',
      WORLD,
      { runOf: ({ pid }) => (pid === 30 ? 'other' : undefined) },
      { a: [10, 11], b: [20, 21] },
    ],
    ['a program that has ended', table([1, 0], [20, 1]), {}, { a: [], b: [20] }],
    ['a zombie', table([1, 0], [10, 1], [11, 10, true], [20, 1]), {}, { a: [10], b: [20] }],
    ['parents in a circle', table([10, 11], [11, 10], [5, 6], [6, 5]), {}, { a: [10, 11], b: [] }],
  ])('%s', (_name, processes, patch, expected) => {
    expect(shown(ownersOf(processes, claims(patch)))).toEqual(expected);
  });

  test('asks for the environment only where no parent tells', () => {
    const asked: number[] = [];
    ownersOf(WORLD, claims({ runOf: ({ pid }) => void asked.push(pid) }));
    expect(asked.sort((x, y) => x - y)).toEqual([1, 30, 31, 40]);
  });

  const anyWorld = fc.record({
    parents: fc.array(fc.nat(40), { minLength: 1, maxLength: 40 }),
    mains: fc.array(fc.nat(40), { maxLength: 6 }),
    marks: fc.array(fc.tuple(fc.nat(40), fc.nat(5)), { maxLength: 6 }),
    seen: fc.array(fc.tuple(fc.nat(40), fc.nat(5)), { maxLength: 6 }),
  });

  test('each process belongs to at most one run, and what is below a program to some run', () => {
    fc.assert(
      fc.property(anyWorld, ({ parents, mains, marks, seen }) => {
        const processes = table(...parents.map((ppid, pid): [number, number] => [pid, ppid]));
        const marked = new Map(marks.map(([pid, run]) => [pid, `run${run}`]));
        const owned = ownersOf(processes, {
          mains: new Map([...new Set(mains)].map((pid, i) => [pid, `run${i}`])),
          remembered: new Map(seen.map(([pid, run]) => [pid, { start: `t${pid}`, run: `run${run}` }])),
          runOf: ({ pid }) => marked.get(pid),
        });
        const all = [...owned.values()].flat().map(({ pid }) => pid);
        expect(new Set(all).size).toBe(all.length);
        for (const [i, pid] of [...new Set(mains)].entries()) {
          if (processes.has(pid)) expect(owned.get(`run${i}`)?.some((proc) => proc.pid === pid)).toBe(true);
        }
      }),
    );
  });
});
