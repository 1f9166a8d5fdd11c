import { chmodSync, mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTmux } from '../../src/tmux/open.ts';
import type { OpenOptions, TmuxFailure } from '../../src/tmux/types.ts';
import { bad, good, type PrivateTmux, privateTmux } from '../rig/tmux.ts';
import { waitFor } from '../rig/wait.ts';
import { launchOf, sessionOf } from './launch.ts';

let rig: PrivateTmux;
beforeEach(() => {
  rig = privateTmux();
});
afterEach(() => rig.stop());

const open = (over: Partial<OpenOptions> = {}) => openTmux(rig.options(over));
const clients = async () => (await rig.tmux('list-clients', '-F', '#{client_pid}')).split('\n').filter(Boolean);

describe('without a server', () => {
  test('start makes one, with an anchor and a clean environment', async () => {
    const tmux = good(await open());
    expect(tmux.version).toMatchObject({ major: 3 });
    expect(await rig.tmux('display', '-p', '#{pid}')).toBe(String(tmux.serverPid));
    expect(await rig.tmux('list-sessions', '-F', '#{session_name} #{@colony_anchor}')).toBe('_colony shop');
    const inherited = (await rig.tmux('show-environment', '-g')).split('\n').map((line) => line.split('=')[0]);
    expect(inherited).toEqual(expect.arrayContaining(['HOME', 'LANG', 'PATH']));
    expect(inherited).not.toContain('VITEST');
    await tmux.close();
  });

  test('without start nothing is made', async () => {
    expect(bad(await open({ start: false }))).toMatchObject({ code: 'no_server', command: 'attach-session' });
    await expect(rig.tmux('list-sessions')).rejects.toThrow('No such file or directory');
  });

  test('a socket that nobody listens to any more is no server', async () => {
    const tmux = good(await open());
    const lost = new Promise((resolve) => setImmediate(resolve));
    process.kill(tmux.serverPid, 'SIGKILL');
    await lost;
    const failure = await waitFor('no server', async () => {
      const again = await open({ start: false });
      return !again.ok && again.error.code === 'no_server' && again.error;
    });
    expect(failure.why).toMatch(/^no server running on /);
  });

  test('a folder that may not be entered is not the same as no server', async () => {
    if (process.getuid?.() === 0) return;
    const dir = `${rig.dir}/closed`;
    mkdirSync(dir);
    chmodSync(dir, 0o000);
    const place = { kind: 'path' as const, path: `${dir}/tmux.sock` };
    expect(bad(await open({ place, start: false }))).toMatchObject({ code: 'unreachable' });
  });
});

describe('with a server', () => {
  test('another opening joins it, and finds everything as it was', async () => {
    const first = good(await open());
    const { pid } = good(await first.spawn(launchOf('web')));
    await first.close();
    const second = good(await open({ start: false }));
    expect(second.serverPid).toBe(first.serverPid);
    expect(sessionOf(good(await second.observe()), 'web').main).toMatchObject({ state: 'alive', pid });
    await second.close();
  });

  test('an anchor that a person removed is made anew, one that ended runs again', async () => {
    const first = good(await open());
    await good(await open()).close();
    const panes = () => rig.tmux('list-panes', '-s', '-t', '=_colony', '-F', '#{pane_id} #{pane_dead}');
    const pane = await panes();
    process.kill(Number(await rig.tmux('display', '-p', '-t', '=_colony:', '#{pane_pid}')), 'SIGKILL');
    await waitFor('the end of what the anchor shows', async () => (await panes()).endsWith('1'));
    await good(await open()).close();
    expect(await panes()).toBe(pane);
    await rig.tmux('kill-session', '-t', '=_colony');
    const second = good(await open({ start: false }));
    expect(await panes()).toMatch(/ 0$/);
    await first.close();
    await second.close();
  });

  test('nobody is woken before there is a connection to look through', async () => {
    let opened = false;
    const early: string[] = [];
    const tmux = good(await open({ onWake: () => opened || early.push('woken') }));
    opened = true;
    expect(early).toEqual([]);
    await tmux.close();
  });

  test('every client is told of', async () => {
    const born: number[] = [];
    const tmux = good(await open({ onClient: (pid) => born.push(pid) }));
    // The first one found no server to attach to.
    expect(born).toHaveLength(3);
    expect((await clients()).map(Number).sort()).toEqual(born.slice(1).sort());
    await tmux.close();
  });

  test('close ends both clients and nothing else, and tells nobody', async () => {
    const told: TmuxFailure[] = [];
    const tmux = good(await open({ onClosed: (why) => told.push(why), onWake: () => {} }));
    expect(await clients()).toHaveLength(2);
    await tmux.close();
    expect(await clients()).toEqual([]);
    expect(told).toEqual([]);
    expect(bad(await tmux.observe())).toMatchObject({ code: 'closed', command: 'list-panes' });
    await tmux.close();
  });

  test.each([
    ['the server', async (serverPid: number) => process.kill(serverPid, 'SIGKILL')],
    ['the first client', async () => process.kill(Number((await clients())[0]), 'SIGKILL')],
    ['the second client', async () => process.kill(Number((await clients())[1]), 'SIGKILL')],
    ['the anchor', async () => rig.tmux('kill-session', '-t', '=_colony')],
  ])('that %s ends is told once', async (_what, end) => {
    const told: TmuxFailure[] = [];
    const tmux = good(await open({ onClosed: (why) => told.push(why) }));
    await end(tmux.serverPid);
    await waitFor('the news', () => told.length > 0);
    expect(bad(await tmux.observe())).toMatchObject({ code: 'closed' });
    expect(told).toMatchObject([{ code: 'closed' }]);
    expect(told[0]?.why).not.toBe('');
  });

  test('one that is just ending is waited for', async () => {
    for (let round = 0; round < 10; round++) {
      const tmux = good(await open());
      await Promise.all(Array.from({ length: 20 }, (_, i) => tmux.spawn(launchOf(`a${i}`))));
      const killed = rig.tmux('kill-server');
      const next = good(await open());
      await killed;
      await Promise.all([tmux.close(), next.close()]);
      await rig.tmux('kill-server').catch(() => {});
    }
  });

  test('two at once share one server', async () => {
    const both = (await Promise.all([open(), open(), open()])).map((one) => good(one));
    expect(new Set(both.map((tmux) => tmux.serverPid)).size).toBe(1);
    expect(await rig.tmux('list-sessions', '-F', '#{session_name}')).toBe('_colony');
    await Promise.all(both.map((tmux) => tmux.close()));
  });
});
