import { expect, test } from 'vitest';
import { Loop } from '../../src/supervisor/loop.ts';
import type { News } from '../../src/tmux/types.ts';

function rig(next: (now: number) => number | undefined = () => undefined) {
  const seen: News[] = [];
  const clock = { now: 1_000 };
  const loop = new Loop({
    pass: async (news) => {
      seen.push(news);
      return next(clock.now);
    },
    now: () => clock.now,
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
