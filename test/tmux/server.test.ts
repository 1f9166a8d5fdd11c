import { execFile } from 'node:child_process';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTmux } from '../../src/tmux/open.ts';
import type { Sighting, Tmux } from '../../src/tmux/types.ts';
import { bad, good, type PrivateTmux, privateTmux } from '../rig/tmux.ts';
import { isAlive, waitFor } from '../rig/wait.ts';
import { launchOf, paneOf, sessionOf } from './launch.ts';

let rig: PrivateTmux;
let tmux: Tmux;

beforeEach(async () => {
  rig = privateTmux();
  tmux = good(await openTmux(rig.options({ unset: ['CLAUDECODE'] })));
});

afterEach(async () => {
  await tmux.close();
  await rig.stop();
});

const observe = async () => good(await tmux.observe());

async function until(agent: string, state: string): Promise<Sighting> {
  return waitFor(`${agent} being ${state}`, async () => {
    const seen = await observe();
    return sessionOf(seen, agent).main.state === state && seen;
  });
}

/** What the agent's program has printed, once it holds `words`. */
async function printed(agent: string, words: string): Promise<readonly string[]> {
  const pane = paneOf(await observe(), agent);
  return waitFor(`${agent} printing ${words}`, async () => {
    const lines = good(await tmux.capture(pane, { history: 200 }));
    return lines.join('\n').includes(words) && lines;
  });
}

const sh = (line: string): ['sh', '-c', string] => ['sh', '-c', line];

describe('glance', () => {
  test('brings what was seen up to date with what has ended', async () => {
    const { pid } = good(await tmux.spawn(launchOf('web')));
    good(await tmux.spawn(launchOf('db')));
    const before = await observe();
    expect(good(await tmux.glance())(before)).toEqual({ sessions: before.sessions, foreign: before.foreign });
    process.kill(pid, 'SIGKILL');
    const after = await waitFor('its end in a glance', async () => {
      tmux.poke();
      const now = good(await tmux.glance())(before);
      return now && sessionOf(now, 'web').main.state === 'dead' ? now : undefined;
    });
    expect(sessionOf(after, 'web').main).toMatchObject({ state: 'dead', exit: { signal: 9 } });
    expect(after).toEqual(await observe());
  });

  test('says when that is not enough', async () => {
    const before = await observe();
    good(await tmux.spawn(launchOf('web', { argv: sh('exit 3') })));
    const dead = await until('web', 'dead');
    expect(good(await tmux.glance())(before)).toBeUndefined();
    good(await tmux.respawn(sessionOf(dead, 'web'), launchOf('web')));
    expect(good(await tmux.glance())(dead)).toBeUndefined();
  });
});

describe('spawn', () => {
  test('gives a session with all its labels and a living program', async () => {
    const launch = launchOf('web');
    const launched = good(await tmux.spawn(launch));
    const { output, title } = launched.seen;
    expect({ ...sessionOf(await observe(), 'web'), output }).toEqual(launched.seen);
    expect(output).toBeGreaterThan(Date.now() - 60_000);
    expect(launched.seen).toEqual({
      id: launched.session,
      name: 'web',
      attached: false,
      typed: undefined,
      output,
      agent: 'web',
      generation: 1,
      run: 'web-1',
      fingerprint: 'v1:ab',
      started: 1_700_000_000_000,
      shown: 'starting',
      title,
      main: { state: 'alive', pane: launched.pane, pid: launched.pid },
    });
    expect(await isAlive(launched.pid)).toBe(true);
    expect(await rig.tmux('display', '-p', '-t', launched.pane, '#{pane_width}x#{pane_height}')).toBe('100x30');
  });

  test('hands over folder, words and environment unchanged', async () => {
    const workdir = `${realpathSync(rig.dir)}/a #{pid} $HOME "b"`;
    mkdirSync(workdir);
    const env = { KEY: 'a "b"\n#{pid} $HOME ~ é漢' };
    good(
      await tmux.spawn(
        launchOf('web', { workdir, env, argv: [...sh('echo "[$PWD|$KEY|$1]"; sleep 100000'), 'sh', '~;'] }),
      ),
    );
    const lines = await printed('web', '|~;]');
    expect(lines.join('\n')).toBe(`[${workdir}|${env.KEY}|~;]`);
  });

  test('runs a program without arguments without a shell of the user', async () => {
    const program = `${rig.dir}/my prog; "x"`;
    writeFileSync(program, '#!/bin/sh\nps -o comm= -p $PPID\npwd\nexec sleep 100000\n', { mode: 0o700 });
    good(await tmux.spawn(launchOf('web', { workdir: '/usr', argv: [program] })));
    expect(await printed('web', '/usr')).toEqual([expect.stringContaining('tmux'), '/usr']);
  });

  test('keeps how a program ended that ends at once', async () => {
    for (let code = 0; code < 10; code++) good(await tmux.spawn(launchOf(`a${code}`, { argv: sh(`exit ${code}`) })));
    for (let code = 0; code < 10; code++) {
      const { main } = sessionOf(await until(`a${code}`, 'dead'), `a${code}`);
      expect(main).toMatchObject({ exit: { code, signal: undefined } });
    }
  });

  test('is refused where the name is taken, and touches nothing', async () => {
    await rig.tmux('new-session', '-d', '-s', 'web', 'sleep', '100000');
    const before = await rig.tmux('list-panes', '-a', '-F', '#{session_id} #{pane_pid} #{@colony_name}');
    expect(bad(await tmux.spawn(launchOf('web')))).toEqual({
      code: 'refused',
      command: 'new-session',
      why: 'duplicate session: web',
    });
    expect(await rig.tmux('list-panes', '-a', '-F', '#{session_id} #{pane_pid} #{@colony_name}')).toBe(before);
    expect([...(await observe()).foreign]).toEqual(['web']);
  });

  test('is not confused by a session whose name begins alike', async () => {
    good(await tmux.spawn(launchOf('webshop')));
    const web = good(await tmux.spawn(launchOf('web')));
    const seen = await observe();
    expect(sessionOf(seen, 'web').id).toBe(web.session);
    expect(sessionOf(seen, 'webshop').id).not.toBe(web.session);
  });

  test('many at once are all there', async () => {
    const agents = Array.from({ length: 30 }, (_, i) => `a${i}`);
    const launched = await Promise.all(agents.map((agent) => tmux.spawn(launchOf(agent))));
    const pids = launched.map((one) => good(one).pid);
    const seen = await observe();
    expect(agents.map((agent) => sessionOf(seen, agent).main)).toMatchObject(pids.map((pid) => ({ pid })));
  });
});

describe('secrets', () => {
  test('reach the process and stand nowhere else', async () => {
    const secret = 'hunter2-7f3a';
    const env = { TOKEN: secret };
    good(await tmux.spawn(launchOf('web', { env, argv: [...sh('echo "${#TOKEN}"; sleep 100000')] })));
    expect(await printed('web', '12')).toEqual(['12']);
    const failure = bad(await tmux.spawn(launchOf('web', { env })));
    const { stdout } = await promisify(execFile)('ps', ['-eo', 'args']);
    const places = [
      JSON.stringify(failure),
      stdout,
      await rig.tmux('show-environment', '-t', '=web:'),
      await rig.tmux('show-environment', '-g'),
      await rig.tmux('show-messages'),
    ];
    for (const place of places) expect(place).not.toContain(secret);
  });

  test('of a former life are gone in the next, and later panes do not inherit them', async () => {
    const show = sh('echo "[$OLD|$CLAUDECODE]"; read x');
    good(await tmux.spawn(launchOf('web', { env: { OLD: 'x', CLAUDECODE: '1' }, argv: show })));
    expect(await printed('web', ']')).toEqual(['[x|1]']);
    good(await tmux.keys(paneOf(await observe(), 'web'), ['Enter']));
    good(await tmux.respawn(sessionOf(await until('web', 'dead'), 'web'), launchOf('web', { argv: show })));
    await waitFor('an empty environment', async () => (await printed('web', ']')).at(-1) === '[|]');
    expect(await rig.tmux('show-environment', '-t', '=web:')).toBe('');
  });
});

describe('respawn', () => {
  const next = launchOf('web', {
    labels: { generation: 2, fingerprint: 'v1:cd', run: 'web-2', started: 1_700_000_009_000, shown: 'ready' },
  });

  test('starts the next life in the same pane', async () => {
    const first = good(await tmux.spawn(launchOf('web', { argv: sh('exit 3') })));
    const second = good(await tmux.respawn(sessionOf(await until('web', 'dead'), 'web'), next));
    expect([second.session, second.pane]).toEqual([first.session, first.pane]);
    expect(sessionOf(await observe(), 'web')).toMatchObject({
      generation: 2,
      run: 'web-2',
      fingerprint: 'v1:cd',
      shown: 'ready',
      main: { state: 'alive', pid: second.pid },
    });
  });

  test('begins without the title that the life before has left behind', async () => {
    const argv = sh("printf '\\033]0;busy\\007'; read line");
    const { pane } = good(await tmux.spawn(launchOf('web', { argv })));
    await waitFor('its title', async () => sessionOf(await observe(), 'web').title === 'busy');
    await rig.tmux('send-keys', '-t', pane, 'Enter');
    await waitFor('its end', async () => sessionOf(await observe(), 'web').main.state === 'dead');
    const dead = sessionOf(await observe(), 'web');
    expect(good(await tmux.respawn(dead, next)).seen.title).toBe('');
  });

  test('is refused while a process lives there, and its labels stay', async () => {
    const { pid } = good(await tmux.spawn(launchOf('web')));
    const before = sessionOf(await observe(), 'web');
    expect(bad(await tmux.respawn(before, next))).toMatchObject({ code: 'refused', command: 'respawn-pane' });
    expect(sessionOf(await observe(), 'web')).toEqual(before);
    expect(await isAlive(pid)).toBe(true);
  });

  test('takes a new window of the same session if a person closed the pane', async () => {
    const { session, pane } = good(await tmux.spawn(launchOf('web')));
    await rig.tmux('split-window', '-d', '-t', pane, 'sleep', '100000');
    await rig.tmux('kill-pane', '-t', pane);
    const lost = sessionOf(await observe(), 'web');
    expect(lost.main).toEqual({ state: 'gone' });
    const moved = good(await tmux.respawn(lost, next));
    expect(moved.session).toBe(session);
    expect(sessionOf(await observe(), 'web').main).toEqual({ state: 'alive', pane: moved.pane, pid: moved.pid });
    expect(await rig.tmux('show-environment', '-t', session)).toBe('');
  });

  test('of a session that is gone is refused', async () => {
    good(await tmux.spawn(launchOf('web', { argv: sh('exit 0') })));
    const dead = sessionOf(await until('web', 'dead'), 'web');
    good(await tmux.remove(dead.id));
    expect(bad(await tmux.respawn(dead, next))).toMatchObject({ code: 'refused', command: 'respawn-pane' });
  });
});

describe('the main pane', () => {
  test('is found where a person moved it', async () => {
    const { pane, pid } = good(await tmux.spawn(launchOf('web')));
    await rig.tmux('split-window', '-d', '-t', pane, 'sleep', '100000');
    await rig.tmux('new-session', '-d', '-s', 'mine', 'sleep', '100000');
    await rig.tmux('join-pane', '-d', '-s', pane, '-t', 'mine:');
    expect(sessionOf(await observe(), 'web').main).toEqual({ state: 'alive', pane, pid });
  });

  test('is not free while its process lives on without a terminal', async () => {
    const argv = sh("trap '' HUP; exec <&- >&- 2>&-; exec sleep 100000");
    const { pid, pane } = good(await tmux.spawn(launchOf('web', { argv })));
    const dead = () => rig.tmux('display', '-p', '-t', pane, '#{pane_dead}');
    await waitFor('tmux taking the pane for dead', async () => (await dead()) === '1');
    expect(sessionOf(await observe(), 'web').main).toEqual({ state: 'alive', pane, pid });
    process.kill(pid, 'SIGKILL');
    await until('web', 'dead');
  });
});

describe('the small ones', () => {
  test('label changes what is given and nothing else', async () => {
    const { session } = good(await tmux.spawn(launchOf('web')));
    const before = sessionOf(await observe(), 'web');
    good(await tmux.label(session, { shown: '-busy #{pid}; 100%', fingerprint: 'v2:ef' }));
    expect(sessionOf(await observe(), 'web')).toEqual({
      ...before,
      shown: '-busy #{pid}; 100%',
      fingerprint: 'v2:ef',
    });
    good(await tmux.label(session, {}));
    expect(bad(await tmux.label('$99', { shown: 'x' }))).toMatchObject({ code: 'refused', command: 'set-option' });
  });

  test('remove closes the session, twice is as good as once', async () => {
    const { session, pid } = good(await tmux.spawn(launchOf('web')));
    good(await tmux.remove(session));
    good(await tmux.remove(session));
    expect((await observe()).sessions.size).toBe(0);
    await waitFor('the end of the program', async () => !(await isAlive(pid)));
  });

  test('keys are pressed, be they names or text', async () => {
    const { pane } = good(await tmux.spawn(launchOf('web', { argv: sh('read a; echo "got <$a>"; sleep 100000') })));
    good(await tmux.keys(pane, ['-n one', 'Space', "'two'", 'Enter']));
    await printed('web', "got <-n one 'two'>");
    // Again and again: a shell that is just forking can miss one.
    await waitFor('Ctrl-C to end it', async () => {
      good(await tmux.keys(pane, ['C-c']));
      return sessionOf(await observe(), 'web').main.state === 'dead';
    });
    expect(bad(await tmux.keys('%99', ['x']))).toMatchObject({ code: 'refused', command: 'send-keys' });
  });

  test('capture gives the screen, the lines above it, and not the words of tmux', async () => {
    const { pane } = good(
      await tmux.spawn(launchOf('web', { argv: sh('seq 1 60; echo "%end 1 1 1"; read x; exit 4') })),
    );
    await printed('web', '%end');
    good(await tmux.keys(pane, ['Enter']));
    await until('web', 'dead');
    const all = good(await tmux.capture(pane, { history: 100 }));
    expect(all.slice(-2)).toEqual(['60', '%end 1 1 1']);
    expect(all[0]).toBe('1');
    expect(good(await tmux.capture(pane, { history: 0 })).length).toBeLessThan(30);
    expect(await rig.tmux('capture-pane', '-p', '-t', pane)).toContain('Pane is dead (exit code 4');
  });
});

describe('the status line', () => {
  test('says who it is, how it is, and how to leave', async () => {
    const { session } = good(await tmux.spawn(launchOf('web')));
    await tmux.label(session, { shown: 'backoff 4s' });
    const shown = await rig.tmux('display', '-p', '-t', session, '#{T:status-left}|#{T:status-right}');
    expect(shown).toBe('shop/web backoff 4s  |to leave: C-b d');
  });
});

describe('shutdown', () => {
  const ended = async () => (await rig.tmux('list-sessions').catch((error: Error) => error.message)) as string;

  test('ends the server when nothing else lives there', async () => {
    expect(good(await tmux.shutdown())).toBe('server_ended');
    expect(await ended()).toMatch(/no server running on|error connecting to/);
    expect(await isAlive(tmux.serverPid)).toBe(false);
  });

  test.each([
    ['a foreign session', () => rig.tmux('new-session', '-d', '-s', 'mine', 'sleep', '100000')],
    ['an agent', async () => good(await tmux.spawn(launchOf('web')))],
  ])('removes the anchor alone when there is %s', async (_case, live) => {
    await live();
    expect(good(await tmux.shutdown())).toBe('anchor_removed');
    expect(await rig.tmux('list-sessions', '-F', '#{session_name}')).toMatch(/^(mine|web)$/);
  });
});
