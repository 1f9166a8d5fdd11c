import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTmux } from '../../src/tmux/open.ts';
import type { Tmux } from '../../src/tmux/types.ts';
import { good, type PrivateTmux, privateTmux } from '../rig/tmux.ts';
import { waitFor } from '../rig/wait.ts';
import { launchOf, sessionOf } from './launch.ts';

let rig: PrivateTmux;
let tmux: Tmux;
let wakes = 0;

/** Everything global that a guest could change. */
const globals = async () => [
  await rig.tmux('show-options', '-s'),
  await rig.tmux('show-options', '-g'),
  await rig.tmux('show-options', '-gw'),
  await rig.tmux('show-hooks', '-g'),
  await rig.tmux('show-hooks', '-gw'),
  await rig.tmux('show-environment', '-g'),
  await rig.tmux('list-keys'),
];

let before: readonly string[];

beforeEach(async () => {
  rig = privateTmux('default');
  await startOwnServer();
  before = await globals();
  wakes = 0;
  tmux = good(await openTmux(rig.options({ start: false, unset: ['CLAUDECODE'], onWake: () => wakes++ })));
});

afterEach(async () => {
  await tmux.close();
  await rig.stop();
});

/** The person's own server, with a session, and set up so that it is hard on guests. */
async function startOwnServer(): Promise<void> {
  const mine = { colony: 'none', anchor: { session: 'mine', argv: ['sleep', '100000'] as const } };
  await good(await openTmux(rig.options(mine))).close();
  await rig.tmux('set-environment', '-g', 'CLAUDECODE', '1');
  await rig.tmux('set-option', '-g', 'base-index', '5');
  await rig.tmux('set-option', '-gw', 'pane-base-index', '3');
}

const launch = () =>
  launchOf('web', {
    name: 'shop-web',
    argv: ['sh', '-c', 'echo "[$CLAUDECODE|$KEY]"; read x; exit $x'],
    env: { KEY: 'k' },
  });

test('an agent lives through two lives, and nothing global has changed', async () => {
  const { pane, session } = good(await tmux.spawn(launch()));
  const lines = () => tmux.capture(pane, { history: 50 });
  await waitFor('an environment without the marker', async () => good(await lines()).includes('[|k]'));
  expect(await rig.tmux('display', '-p', '-t', pane, '#{history_limit} #{pane_width} #{session_windows}')).toBe(
    '500 100 1',
  );

  wakes = 0;
  good(await tmux.keys(pane, ['7', 'Enter']));
  await waitFor('a wake-up', () => wakes > 0);
  const dead = sessionOf(good(await tmux.observe()), 'web');
  expect(dead).toMatchObject({ id: session, name: 'shop-web', main: { pane, exit: { code: 7 } } });
  expect(good(await lines()).at(-1)).toBe('7');

  expect(good(await tmux.respawn(dead, launch())).pane).toBe(pane);
  wakes = 0;
  await tmux.keys(pane, ['8', 'Enter']);
  await waitFor('a second wake-up', () => wakes > 0);
  expect(await globals()).toEqual(before);
});

test('a session whose pane was closed gets a window of the same kind', async () => {
  const { pane } = good(await tmux.spawn(launch()));
  await rig.tmux('split-window', '-d', '-t', pane, 'sleep', '100000');
  await rig.tmux('kill-pane', '-t', pane);
  const moved = good(await tmux.respawn(sessionOf(good(await tmux.observe()), 'web'), launch()));
  const alive = async () => sessionOf(good(await tmux.observe()), 'web').main;
  expect(await alive()).toEqual({ state: 'alive', pane: moved.pane, pid: moved.pid });
  wakes = 0;
  process.kill(moved.pid, 'SIGKILL');
  await waitFor('a wake-up', () => wakes > 0);
  expect(await alive()).toMatchObject({ state: 'dead', exit: { signal: 9 } });
});

test("the person's sessions are foreign, the anchor is not", async () => {
  expect([...good(await tmux.observe()).foreign]).toEqual(['mine']);
  expect(await rig.tmux('list-sessions', '-F', '#{session_name}')).toBe('_colony-shop\nmine');
});

test('a server that ends what nobody looks at does not end agents', async () => {
  await rig.tmux('set-option', '-g', 'destroy-unattached', 'on');
  good(await tmux.spawn(launch()));
  expect(sessionOf(good(await tmux.observe()), 'web').main.state).toBe('alive');
  await tmux.close();
  expect(await rig.tmux('list-sessions', '-F', '#{session_name}')).toContain('shop-web');
});

test('shutdown takes the anchor along and nothing else', async () => {
  expect(good(await tmux.shutdown())).toBe('anchor_removed');
  expect(await rig.tmux('list-sessions', '-F', '#{session_name}')).toBe('mine');
});
