import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTmux } from '../../src/tmux/open.ts';
import { shownIn } from '../../src/tmux/shown.ts';
import type { News, Tmux } from '../../src/tmux/types.ts';
import { good, type PrivateTmux, privateTmux } from '../rig/tmux.ts';
import { waitFor } from '../rig/wait.ts';
import { launchOf } from './launch.ts';

let rig: PrivateTmux;
let tmux: Tmux;
const wakes: News[] = [];

beforeEach(async () => {
  rig = privateTmux();
  tmux = good(await openTmux(rig.options({ onWake: (news) => wakes.push(news) })));
});
afterEach(async () => {
  await tmux.close();
  await rig.stop();
});

const start = async (agent: string) => good(await tmux.spawn(launchOf(agent))).pane;
const entitle = (pane: string, title: string) => rig.tmux('select-pane', '-t', pane, '-T', title);

/** Wait for news, and forget it. */
async function news(): Promise<void> {
  await waitFor('a wake-up', () => wakes.length > 0);
  wakes.length = 0;
}

test('a title that changes in another session is told, whatever stands in it', async () => {
  const pane = await start('a');
  await news();
  good(await tmux.tell([pane]));
  await news();
  for (const title of ['one', 'two words', 'a #{q:x}, \\ } "$HOME" ~', '⠋ proj']) {
    await entitle(pane, title);
    await news();
  }
});

test('only what is asked for is told, and a spinner that turns is not', async () => {
  const [mine, other] = [await start('a'), await start('b')];
  const shown = () => rig.tmux('display-message', '-p', shownIn([mine]));
  await entitle(mine, '⠋ proj');
  const before = await shown();
  expect(before).toContain(mine);
  await entitle(other, 'something');
  await entitle(mine, '⠙ proj');
  expect(await shown()).toBe(before);
  await entitle(mine, 'proj');
  expect(await shown()).toMatch(/^%\d+ \d+ proj *$/);
});

test('that nothing more is to be told is understood, also twice', async () => {
  const pane = await start('a');
  good(await tmux.tell([pane]));
  good(await tmux.tell([]));
  good(await tmux.tell([]));
});
