import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuTime, type Member, sampleOf, type Tree } from '../../../src/supervisor/vitals/tree.ts';

const START = 100_000;

function member(pid: number, patch: Partial<Member> = {}): Member {
  const ppid = pid === 1 ? 0 : 1;
  return { pid, ppid, start: `t${pid}`, started: START, own: 0, reaped: 0, rss: 1_000, pss: undefined, ...patch };
}

/** A look at a program with pid 1; `after`: so many ms after its start. */
function tree(after: number, ...members: Member[]): Tree {
  return { at: 5_000_000 + after, present: START + after, main: 1, members: new Map(members.map((m) => [m.pid, m])) };
}

const BEFORE = tree(60_000, member(1, { own: 1_000, reaped: 500 }), member(2, { own: 300 }));

describe('CPU between two looks', () => {
  test.each<[string, Tree, number]>([
    ['nobody did anything', tree(65_000, member(1, { own: 1_000, reaped: 500 }), member(2, { own: 300 })), 0],
    ['both did', tree(65_000, member(1, { own: 1_100, reaped: 500 }), member(2, { own: 350 })), 150],
    [
      'one came since',
      tree(
        65_000,
        member(1, { own: 1_000, reaped: 500 }),
        member(2, { own: 300 }),
        member(3, { own: 70, started: START + 61_000 }),
      ),
      70,
    ],
    [
      'one is older, and was found only now',
      tree(65_000, member(1, { own: 1_000, reaped: 500 }), member(2, { own: 300 }), member(3, { own: 7_000 })),
      0,
    ],
    [
      'one came and went, and was waited for',
      tree(65_000, member(1, { own: 1_000, reaped: 590 }), member(2, { own: 300 })),
      90,
    ],
    ['one has ended: what was seen of it counts once', tree(65_000, member(1, { own: 1_000, reaped: 820 })), 20],
    ['one has ended and nobody waited for it', tree(65_000, member(1, { own: 1_040, reaped: 500 })), 40],
    [
      'a later process with the same pid',
      tree(
        65_000,
        member(1, { own: 1_000, reaped: 800 }),
        member(2, { own: 10, start: 'later', started: START + 62_000 }),
      ),
      10,
    ],
    ['all of it is gone', tree(65_000), 0],
  ])('%s', (_name, now, used) => expect(cpuTime(now, BEFORE)).toBe(used));

  test('of a grandchild that ended with its parent goes to the program', () => {
    const before = tree(60_000, member(1), member(2, { own: 100 }), member(3, { ppid: 2, own: 1_000 }));
    // The child had waited for the grandchild, and the program then waited for the child.
    expect(cpuTime(tree(65_000, member(1, { reaped: 1_130 })), before)).toBe(30);
  });

  test('is never negative, and never more than what all have used together', () => {
    const times = fc.record({ own: fc.nat(5_000), reaped: fc.nat(5_000) });
    const trees = fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.nat(8), times), { maxLength: 8 });
    fc.assert(
      fc.property(trees, trees, (first, second) => {
        const make = (rows: typeof first, after: number) =>
          tree(after, ...rows.map(([pid, ppid, used]) => member(pid, { ppid, ...used })));
        const now = make(second, 65_000);
        const total = [...now.members.values()].reduce((sum, { own, reaped }) => sum + own + reaped, 0);
        const used = cpuTime(now, make(first, 60_000));
        expect(used).toBeGreaterThanOrEqual(0);
        expect(used).toBeLessThanOrEqual(total);
      }),
    );
  });
});

describe('a sample', () => {
  test('adds up', () => {
    const now = tree(65_000, member(1, { own: 2_250, reaped: 500 }), member(2, { own: 1_550, rss: 2_000 }));
    expect(sampleOf(now, BEFORE)).toEqual({ at: now.at, rss: 3_000, pss: undefined, cpu: 0.5, processes: 2, tools: 0 });
  });
  test('without a look before tells of all the time since the start', () => {
    expect(sampleOf(tree(10_000, member(1, { own: 900, reaped: 100 })), undefined).cpu).toBe(0.1);
  });
  test('so it does if the look before is long ago, or was at another program', () => {
    const now = tree(660_001, member(1, { own: 66_000 }));
    expect(sampleOf(now, BEFORE).cpu).toBeCloseTo(0.1);
    expect(sampleOf(tree(65_000, member(1, { own: 6_500 })), { ...BEFORE, main: 7 }).cpu).toBe(0.1);
  });
  test('tools are what was started later than the program came up', () => {
    const helper = member(2, { started: START + 30_000 });
    const tool = member(3, { started: START + 30_001 });
    expect(sampleOf(tree(65_000, member(1), helper, tool), undefined).tools).toBe(1);
  });
  test('the whole memory of a process that may not be asked counts as its share', () => {
    const now = tree(65_000, member(1, { pss: 400 }), member(2, { rss: 2_000 }));
    expect(sampleOf(now, undefined).pss).toBe(2_400);
  });
});
