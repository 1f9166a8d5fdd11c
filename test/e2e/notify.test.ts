import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import type { Life } from '../rig/fake-agents.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(() => colony.end());

const reports = () => readdirSync(colony.paths.spool).filter((name) => !name.startsWith('.'));

/** Stops by itself, but only when a file says so. */
const SLOW = "trap 'while ! [ -e go ]; do sleep 0.05; done; exit 0' TERM";

const loop = 'while :; do sleep 0.05; done';

/** The words of `colony notify`, as they are typed in a shell. */
const notify = (words: string) => `${process.execPath} ${colony.program} notify ${words}`;

async function begun(): Promise<Life> {
  colony.write({ api: colony.fake() });
  await colony.apply();
  return colony.agents.alive('api');
}

describe('colony notify', () => {
  test('tells from within a pane, also from a descendant that has gone away', async () => {
    const command = `${notify('status indexing, 40 %')}; setsid sh -c '${notify('idle')}; touch told' & ${loop}`;
    colony.write({ api: { command } });
    await colony.apply();
    const pid = (await colony.agent('api'))?.pid;
    await waitFor('both reports', () => reports().length === 2);
    const { run } = colony.journal().find((entry) => entry.type === 'started') ?? {};
    for (const name of reports()) expect(name.startsWith(`${run}.`)).toBe(true);
    // Those of a life that is over go with it.
    process.kill(pid ?? 0, 'SIGKILL');
    await waitFor('them to go', () => reports().every((name) => !name.startsWith(`${run}.`)));
  });

  test.each<[readonly string[], RegExp]>([
    [['ready'], /^colony: this is not run in an agent: /],
    [['nonsense'], /Allowed choices are ready, heartbeat, status/],
    [[], /missing required argument/],
    [['ready', 'now'], /`ready` takes nothing more, got "now"/],
    [['extend'], /`extend` takes a length of time such as 5m, got ""/],
    [['extend', '2h'], /`extend` takes at most 1h at a time, got "2h"/],
    [['extend', '0s'], /`extend` takes a length of time/],
  ])('%j outside of an agent, or wrong: 64', async (words, said) => {
    const { code, stdout, stderr } = await colony.run(['notify', ...words]);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(said);
  });

  test('a folder that is gone is said', async () => {
    const environment = { COLONY_SPOOL: join(colony.dir, 'gone'), COLONY_RUN_ID: 'api-1', COLONY_AGENT: 'api' };
    const { code, stderr } = await colony.run(['notify', 'ready'], environment);
    expect(code).toBe(69);
    expect(stderr).toMatch(/^colony: nothing can be left in .*gone: ENOENT/);
  });
});

test('agent-colony/child tells from within the program, also while no supervisor runs', async () => {
  const api = await begun();
  expect(await api.ask({ do: 'notify', notice: 'ready' }, 'notified')).toMatchObject({ done: true });
  await colony.killSupervisor();
  expect(await api.ask({ do: 'notify', notice: { extend: 60_000 } }, 'notified')).toMatchObject({ done: true });
  expect(reports()).toHaveLength(2);
  await colony.apply();
  const late = { v: 1, run: 'api-0', agent: 'api', kind: 'ready' };
  writeFileSync(join(colony.paths.spool, 'api-0.late'), JSON.stringify(late));
  await waitFor('the late one to go', () => !reports().includes('api-0.late'));
  expect(reports()).toHaveLength(2);
});

describe('extend', () => {
  test.each(['before', 'during'])('the program is given more time to stop; said %s the stop', async (when) => {
    const extend = notify('extend 1m');
    const slow = when === 'before' ? SLOW : SLOW.replace("'while", `'${extend}; while`);
    const command = `${when === 'before' ? extend : ':'}; ${slow}; touch ready; ${loop}`;
    // Said during the stop it takes the start of a program, for which the grace has to be long enough.
    const grace = { grace: when === 'before' ? '400ms' : '5s' };
    colony.write({ api: { command, stop: grace }, deaf: { command: `trap '' TERM; ${loop}`, stop: grace } });
    await colony.apply();
    await waitFor('it to be ready', () => readdirSync(colony.work).includes('ready'));
    const stopped = colony.run(['stop', 'api']);
    await waitFor('it to have asked', () => reports().length === 1);
    // Who was told to stop after it and has asked for nothing gets no more than the grace.
    expect((await colony.run(['stop', 'deaf'])).code).toBe(0);
    expect((await colony.agent('api'))?.pid).not.toBeNull();
    writeFileSync(join(colony.work, 'go'), '');
    expect((await stopped).code).toBe(0);
    const exited = colony.journal().find((entry) => entry.type === 'exited' && entry.agent === 'api');
    expect(exited).toMatchObject({ exit: { code: 0 } });
  });

  test('not longer than it has asked for, and not where somebody is in a hurry', async () => {
    const command = (span: string) => `trap '' TERM; ${notify(`extend ${span}`)}; touch $COLONY_AGENT; ${loop}`;
    const stop = { grace: '400ms' };
    colony.write({ api: { command: command('1s'), stop }, db: { command: command('1h'), stop } });
    await colony.apply();
    await waitFor(
      'both',
      () => readdirSync(colony.work).filter((name) => name === 'api' || name === 'db').length === 2,
    );
    expect((await colony.run(['stop', 'api'])).code).toBe(0);
    const stopped = colony.run(['stop', 'db']);
    await waitFor('db to be asked', () => colony.journal().some((e) => e.type === 'stopping' && e.agent === 'db'));
    expect((await colony.run(['stop', 'db', '--now'])).code).toBe(0);
    await stopped;
  });
});
