import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import { personsTerminal, type Terminal } from '../rig/terminal.ts';
import { isAlive, waitFor } from '../rig/wait.ts';

let colony: TestColony;
let terminal: Terminal | undefined;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
  await colony.end();
});

const AT_ONCE = { policy: 'always', backoff: { initial: '0s' }, crash_loop: 'off' };
const MUCH_LATER = { backoff: { initial: '1h', max: '1h' } };
/** How tmux says that a program has ended: its own words, before 3.3, or colony's. */
const endedWith = (code: number) => new RegExp(`Pane is dead \\((exit code|status) ${code},`);

/** A person in front of `api`. */
async function attached(...args: string[]): Promise<Terminal> {
  terminal = await personsTerminal(colony, ['attach', 'api', ...args]);
  await waitFor('a client', async () => (await clients()).length === 1);
  return terminal;
}

/** The person's client, and where it looks at: all of it stays the same over the lives of the program. */
async function clients(): Promise<readonly string[]> {
  const format = '#{client_pid} #{session_id} #{window_id} #{pane_id}';
  const { stdout } = await colony.tmux('list-clients', '-t', '=api', '-F', format);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Life `generation` of `api` says something, and the person reads it. */
async function speaks(screen: Terminal, generation: number): Promise<number> {
  const life = await colony.agents.alive('api', generation);
  expect(life.generation).toBe(generation);
  life.tell({ do: 'say', text: `this is life ${generation}` });
  await screen.shows(new RegExp(`this is life ${generation}`));
  return life.pid;
}

describe('a person who is attached', () => {
  test('sees the program die and come back, again and again, in the same terminal', async () => {
    colony.write({ api: colony.fake({ restart: AT_ONCE }), db: colony.fake() });
    await colony.apply();
    const screen = await attached();
    const before = await clients();
    for (const generation of [1, 2, 3, 4]) process.kill(await speaks(screen, generation), 'SIGKILL');
    await speaks(screen, 5);
    expect(await clients()).toEqual(before);
    expect(await colony.agent('api')).toMatchObject({ session: { attached: true }, restarts: { total: 4 } });
  });

  test('reads how it ended while it is in back-off, and is there when it is restarted or changed', async () => {
    colony.write({ api: colony.fake({ restart: MUCH_LATER }), db: colony.fake() });
    await colony.apply();
    const screen = await attached();
    const before = await clients();
    await speaks(screen, 1);
    (await colony.agents.alive('api')).tell({ do: 'exit', code: 3 });
    const dead = await screen.shows(endedWith(3));
    expect(dead).toContain('this is life 1');

    expect((await colony.run(['restart', 'api'])).code).toBe(0);
    await speaks(screen, 2);
    expect((await colony.run(['restart', 'api', '--now'])).code).toBe(0);
    await speaks(screen, 3);

    colony.write({ api: colony.fake({ restart: MUCH_LATER }, '--changed'), db: colony.fake() });
    expect((await colony.apply()).code).toBe(0);
    await speaks(screen, 4);
    expect(await clients()).toEqual(before);
  });

  test('leaves with prefix d, and the program runs on', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const screen = await attached();
    const pid = await speaks(screen, 1);
    await screen.press('C-b', 'd');
    await screen.shows(/exit=0/);
    expect(await clients()).toEqual([]);
    expect(await isAlive(pid)).toBe(true);
    expect(await colony.agent('api')).toMatchObject({ phase: 'ready', pid, session: { attached: false } });
  });

  test('may come while it is in back-off', async () => {
    colony.write({ api: colony.fake({ restart: MUCH_LATER }) });
    await colony.apply();
    (await colony.agents.alive('api')).tell({ do: 'exit', code: 5 });
    await waitFor('back-off', async () => (await colony.agent('api'))?.phase === 'backoff');
    const screen = await attached();
    const before = await clients();
    await screen.shows(endedWith(5));
    await colony.run(['start', 'api']);
    await speaks(screen, 2);
    expect(await clients()).toEqual(before);
  });

  test('does not notice that the supervisor is killed, and sees what its successor does', async () => {
    colony.write({ api: colony.fake({ restart: AT_ONCE }) });
    await colony.apply();
    const screen = await attached();
    const before = await clients();
    await colony.killSupervisor();
    const pid = await speaks(screen, 1);
    expect(await clients()).toEqual(before);

    process.kill(pid, 'SIGKILL');
    // What the screen says now is up to tmux: without a supervisor some of its versions miss the end of a program.
    await waitFor('the program to be gone', async () => !(await isAlive(pid)));
    expect(await clients()).toEqual(before);
    expect((await colony.apply()).code).toBe(0);
    await speaks(screen, 2);
    expect(await clients()).toEqual(before);
  });

  test('only to look: no key of theirs reaches the program', async () => {
    colony.write({ api: { command: ['cat'] } });
    await colony.apply();
    const screen = await attached('--read-only');
    await screen.press('not for you', 'Enter');
    await colony.tmux('send-keys', '-t', '=api:', 'for you', 'Enter');
    expect(await screen.shows(/for you/)).not.toContain('not for you');
  });
});
