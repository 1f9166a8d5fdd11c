import { afterEach, expect, test, vi } from 'vitest';
import { Loop } from '../../src/supervisor/loop.ts';
import type { News } from '../../src/tmux/types.ts';

afterEach(() => {
  vi.useRealTimers();
});

function rig(next: (now: number) => number | undefined = () => undefined) {
  const seen: News[] = [];
  const clock = { now: 1_000 };
  const loop = new Loop({
    pass: async (news) => {
      seen.push(news);
      return next(clock.now);
    },
    now: () => clock.now,
    stirs: () => false,
    onRest: () => undefined,
    onBug: (bug) => {
      throw bug;
    },
  });
  return { seen, clock, loop };
}

test('the first look is at everything, and the next may be short', async () => {
  const { seen, loop } = rig();
  await loop.look('ended');
  await loop.look('ended');
  await loop.look();
  loop.stop();
  expect(seen).toEqual(['anything', 'ended', 'anything']);
});

test('short looks do not put off the long one, however often they come', async () => {
  const { seen, clock, loop } = rig();
  for (let i = 0; i < 12; i++) {
    await loop.look('ended');
    clock.now += 1_000;
  }
  loop.stop();
  expect(seen.flatMap((news, at) => (news === 'anything' ? [at] : []))).toEqual([0, 5, 10]);
});

test('nor one that was asked for, although each of them asks for a later one', async () => {
  const { seen, clock, loop } = rig((now) => now + 100);
  for (let i = 0; i < 12; i++) {
    await loop.look('ended');
    clock.now += 20;
  }
  loop.stop();
  expect(seen.flatMap((news, at) => (news === 'anything' ? [at] : []))).toEqual([0, 5, 10]);
});

test('wake-ups of one turn are one look, as long as the longest of them', async () => {
  const { seen, loop } = rig();
  await loop.look();
  loop.wake('ended');
  loop.wake('anything');
  loop.wake('ended');
  await loop.look('ended');
  loop.stop();
  expect(seen).toEqual(['anything', 'anything']);
});

type Next = (now: number) => number | undefined;

/** The seconds at which all was read, if the loop alone decides; `stirs` are the answers that it gets when it asks. */
async function readsIn(seconds: number, stirs: readonly boolean[], next: Next = () => undefined) {
  vi.useFakeTimers({ now: 0 });
  const reads: number[] = [];
  const answers = [...stirs];
  const loop = new Loop({
    pass: async () => {
      reads.push(Math.floor(Date.now() / 1_000));
      return next(Date.now());
    },
    now: Date.now,
    stirs: () => answers.shift() ?? false,
    onRest: () => undefined,
    onBug: (bug) => {
      throw bug;
    },
  });
  loop.wake();
  await vi.advanceTimersByTimeAsync(seconds * 1_000);
  loop.stop();
  return reads;
}

test.each([
  ['seldom, if nobody tells anything', [], [0, 15, 30]],
  ['as soon as something stirs, and seldom again', [true], [0, 5, 20]],
  ['often, if it stirs all the time', Array(6).fill(true), [0, 5, 10, 15, 20, 25, 30]],
])('unasked, all is read %s', async (_how, stirs, expected) => {
  expect(await readsIn(34, stirs)).toEqual(expected);
});

test('a pass that asks for a time gets it, however calm it is', async () => {
  expect(await readsIn(20, [], (now) => (now < 7_000 ? 7_000 : undefined))).toEqual([0, 7]);
});

test('whoever asks gets what is not older than five seconds; a wake-up may be answered from what is', async () => {
  const { seen, clock, loop } = rig();
  await loop.look();
  clock.now += 6_000;
  loop.wake('ended');
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  await loop.look('ended');
  loop.stop();
  expect(seen).toEqual(['anything', 'ended', 'anything']);
});
