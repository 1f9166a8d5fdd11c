import { rmSync, watch, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { watchMissedExits } from '../../src/tmux/missed-exits.ts';
import { openTmux } from '../../src/tmux/open.ts';
import type { Tmux } from '../../src/tmux/types.ts';
import { good, type PrivateTmux, privateTmux } from '../rig/tmux.ts';
import { waitFor } from '../rig/wait.ts';
import { launchOf, sessionOf } from './launch.ts';

/** Without a pid nothing may be signalled: 0 would be this very process group. */
function end(pid: number | undefined): void {
  if (!pid) throw new Error('no pid');
  process.kill(pid, 'SIGKILL');
}

describe('a wake-up', () => {
  let rig: PrivateTmux;
  let tmux: Tmux;
  let wakes = 0;

  beforeEach(async () => {
    rig = privateTmux();
    tmux = good(await openTmux(rig.options({ onWake: () => wakes++ })));
    wakes = 0;
  });
  afterEach(async () => {
    await tmux.close();
    await rig.stop();
  });

  const woken = () => waitFor('a wake-up', () => wakes > 0);

  test('comes for each of many deaths, and each death is told how', async () => {
    const agents = Array.from({ length: 20 }, (_, i) => `a${i}`);
    const launched = await Promise.all(agents.map((agent) => tmux.spawn(launchOf(agent))));
    await woken();
    const pids = launched.map((one) => good(one).pid);
    for (const [i, agent] of agents.entries()) {
      wakes = 0;
      end(pids[i]);
      await waitFor(
        `the end of ${agent}`,
        async () => wakes > 0 && sessionOf(good(await tmux.observe()), agent).main.state === 'dead',
      );
      expect(sessionOf(good(await tmux.observe()), agent).main).toMatchObject({ exit: { signal: 9 } });
    }
  });

  test('comes for a death in the moment of another', async () => {
    const { pid } = good(await tmux.spawn(launchOf('a')));
    const other = good(await tmux.spawn(launchOf('b')));
    await woken();
    process.kill(pid, 'SIGKILL');
    process.kill(other.pid, 'SIGKILL');
    await waitFor('the end of all of them', async () => {
      const { sessions } = good(await tmux.observe());
      return [...sessions.values()].flat().every(({ main }) => main.state === 'dead');
    });
    await woken();
  });

  test.each([
    ['a session is made', () => rig.tmux('new-session', '-d', '-s', 'mine', 'sleep', '100000')],
    ['a session is closed', () => rig.tmux('kill-session', '-t', '=a')],
    ['a session is renamed', () => rig.tmux('rename-session', '-t', '=a', 'b')],
    ['a window is closed', () => rig.tmux('kill-window', '-t', '=a:')],
  ])('comes when %s', async (_what, happen) => {
    good(await tmux.spawn(launchOf('a')));
    await woken();
    wakes = 0;
    await happen();
    await woken();
  });

  test.runIf(process.platform === 'linux')('does not come for a terminal of somebody else', async () => {
    good(await tmux.spawn(launchOf('a')));
    await woken();
    const other = privateTmux();
    const stranger = good(await openTmux(other.options()));
    const terminal = await other.tmux(
      'display',
      '-p',
      '-t',
      good(await stranger.spawn(launchOf('b'))).pane,
      '#{pane_tty}',
    );
    const gone = new Set<string | null>();
    const watcher = watch('/dev/pts', (_, name) => gone.add(name));
    good(await tmux.observe());
    wakes = 0;
    await stranger.close();
    await other.stop();
    await waitFor('the end of its terminal', () => gone.has(basename(terminal)));
    watcher.close();
    // Whoever else watches was told in the same turn, or is in the next one.
    await new Promise((resolve) => setImmediate(resolve));
    good(await tmux.observe());
    expect(wakes).toBe(0);
  });

  test('comes from the next connection for what happened without one', async () => {
    const { pid } = good(await tmux.spawn(launchOf('a')));
    await tmux.close();
    process.kill(pid, 'SIGKILL');
    const died = () => rig.tmux('display', '-p', '-t', '=a:', '#{pane_dead}');
    await waitFor('tmux taking the pane for dead', async () => {
      process.kill(tmux.serverPid, 'SIGCHLD');
      return (await died()) === '1';
    });
    wakes = 0;
    tmux = good(await openTmux(rig.options({ onWake: () => wakes++ })));
    await woken();
  });
});

describe('missed exits', () => {
  test('are looked for when a terminal goes, until stopped', async () => {
    const rig = privateTmux();
    const gone: (string | undefined)[] = [];
    writeFileSync(`${rig.dir}/7`, '');
    const stop = watchMissedExits((terminal) => gone.push(terminal), rig.dir);
    writeFileSync(`${rig.dir}/8`, '');
    rmSync(`${rig.dir}/7`);
    await waitFor('a nudge', () => gone.length > 0);
    expect(gone).toEqual([`${rig.dir}/7`]);
    stop();
    await rig.stop();
  });

  test('are looked for now and then where the folder cannot be watched', async () => {
    let nudges = 0;
    const stop = watchMissedExits(() => nudges++, '/nowhere/at/all');
    await waitFor('two nudges', () => nudges > 1);
    stop();
  });
});
