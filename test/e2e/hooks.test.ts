import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Entry } from '../../src/reconciler/types.ts';
import { TestColony } from '../rig/colony.ts';
import { isAlive, waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(() => colony.end());

const at = (file: string) => join(colony.work, file);

/** What a hook has written into a file of the agent's folder, once it has. */
const written = (file: string) =>
  waitFor(`${file} to be written`, () => existsSync(at(file)) && readFileSync(at(file), 'utf8'));

const entries = <T extends Entry['type']>(type: T) =>
  colony.journal().filter((entry): entry is Extract<Entry, { type: T }> => entry.type === type);

const alive = async (agent = 'api') => (await colony.agents.alive(agent)).pid;

/** Writes its surroundings into a file of its name, whole or not at all. */
const tell = (name: string) => `env > ${name}.tmp; mv ${name}.tmp ${name}`;

/** Says no as long as there is a file of this name. */
const unless = (file: string) => `[ ! -e ${file} ] || { echo "there is $SECRET in ${file}"; exit 7; }`;

describe('around a start', () => {
  test('hooks run in the folder and environment of the agent, and are no part of it', async () => {
    const hooks = { pre_start: tell('before'), post_start: tell('after') };
    colony.write({ api: colony.fake({ hooks, env: { FAVOURITE: 'blue' } }) });
    expect((await colony.apply()).code).toBe(0);
    const life = await colony.agents.alive('api');
    const [before, after] = [await written('before'), await written('after')];
    for (const text of [before, after]) {
      expect(text).toContain('\nFAVOURITE=blue\n');
      expect(text).toContain('\nCOLONY_AGENT=api\n');
      expect(text).not.toContain('COLONY_RUN_ID');
      expect(text).toContain(`PWD=${colony.work}\n`);
    }
    expect(before).toContain('COLONY_HOOK=pre_start\n');
    expect(after).toContain('COLONY_HOOK=post_start\n');
    expect(after).toContain(`COLONY_PID=${life.pid}\n`);
    expect(entries('hook_failed')).toEqual([]);
  });

  test('pre_start that fails keeps the program from starting, and tells nobody a secret', async () => {
    writeFileSync(at('closed'), '');
    colony.write({ api: colony.fake({ hooks: { pre_start: unless('closed') }, env: { SECRET: 'hunter22' } }) });
    await colony.apply('--no-wait');
    await waitFor('two vetoes', () => entries('hook_failed').length >= 2);
    const [failed] = entries('hook_failed');
    expect(failed).toMatchObject({ hook: 'pre_start', veto: true, why: 'exit code 7: there is *** in closed' });
    expect(failed?.run).toBeUndefined();
    expect(entries('started')).toEqual([]);
    rmSync(at('closed'));
    await alive();
  });

  test.each([
    ['takes too long', { command: "trap '' TERM; sleep 600", timeout: '300ms' }, /^it took longer than 300ms$/],
    ['cannot be executed', ['./no-such-hook'], /^there is no program \.\/no-such-hook$/],
  ])('pre_start that %s', async (_, hook, why) => {
    colony.write({ api: colony.fake({ hooks: { pre_start: hook } }) });
    await colony.apply('--no-wait');
    const [failed] = await waitFor('a veto', () => entries('hook_failed').length > 0 && entries('hook_failed'));
    expect(failed?.why).toMatch(why);
    expect(entries('started')).toEqual([]);
  });

  test('a stop, or a down, does not wait for a pre_start', async () => {
    colony.write({ api: colony.fake({ hooks: { pre_start: 'touch begun; sleep 600' } }), db: colony.fake() });
    await colony.apply('--no-wait');
    await waitFor('the hook', () => existsSync(at('begun')));
    expect((await colony.run(['stop', 'api'])).code).toBe(0);
    rmSync(at('begun'));
    await colony.run(['start', 'api', '--no-wait']);
    await waitFor('the hook', () => existsSync(at('begun')));
    expect((await colony.run(['down', '--yes'])).code).toBe(0);
    expect(entries('hook_failed')).toEqual([]);
    expect(entries('started').map(({ agent }) => agent)).toEqual(['db']);
  });

  test('nobody waits for post_start, and its failure is only told', async () => {
    const hooks = { post_start: 'while ! [ -e go ]; do sleep 0.05; done; exit 2' };
    colony.write({ api: colony.fake({ hooks }) });
    expect((await colony.apply()).code).toBe(0);
    const { run } = await colony.agents.alive('api');
    writeFileSync(at('go'), '');
    const [failed] = await waitFor('it to fail', () => entries('hook_failed').length > 0 && entries('hook_failed'));
    expect(failed).toMatchObject({ hook: 'post_start', veto: false, run, why: 'exit code 2' });
    expect(await colony.agent('api')).toMatchObject({ phase: 'ready', generation: 1 });
  });
});

describe('around a stop', () => {
  test('both run, one before the program is asked and one after it has ended', async () => {
    const hooks = {
      pre_stop: `kill -0 $COLONY_PID && ${tell('before')}`,
      post_stop: `kill -0 $COLONY_PID || ${tell('after')}`,
    };
    colony.write({ api: colony.fake({ hooks }) });
    await colony.apply();
    const pid = await alive();
    expect((await colony.run(['stop', 'api'])).code).toBe(0);
    const [before, after] = [await written('before'), await written('after')];
    expect(before).toContain('COLONY_HOOK=pre_stop\n');
    expect(before).not.toContain('COLONY_EXIT');
    expect(after).toContain('COLONY_HOOK=post_stop\n');
    expect(after).toContain('COLONY_EXIT_SIGNAL=15\n');
    for (const text of [before, after]) {
      expect(text).toContain('COLONY_REASON=user_requested\n');
      expect(text).toContain(`COLONY_PID=${pid}\n`);
      expect(text).toContain('COLONY_GENERATION=1\n');
      expect(text).not.toContain('COLONY_RUN_ID');
    }
  });

  test('pre_stop that fails keeps the program alive, until it does not, or somebody is in a hurry', async () => {
    writeFileSync(at('closed'), '');
    const agent = colony.fake({ hooks: { pre_stop: unless('closed') } });
    colony.write({ api: agent, db: agent });
    await colony.apply();
    const [api, db] = [await alive('api'), await alive('db')];
    const { run } = await colony.agents.alive('api');
    await colony.run(['stop', 'api', 'db', '--no-wait']);
    await waitFor('vetoes', () => entries('hook_failed').length >= 4);
    expect(entries('hook_failed').find((entry) => entry.agent === 'api')).toMatchObject({ veto: true, run });
    expect([await isAlive(api), await isAlive(db), entries('stopping').length]).toEqual([true, true, 0]);
    expect((await colony.run(['stop', 'db', '--now'])).code).toBe(0);
    expect([await isAlive(api), await isAlive(db)]).toEqual([true, false]);
    rmSync(at('closed'));
    await waitFor('api to be stopped', async () => !(await isAlive(api)));
  });

  test('restart --now and down --now ask no hook, also while it is being asked', async () => {
    const hooks = { pre_start: 'sleep 0.01', pre_stop: 'touch asked; sleep 600' };
    const agent = colony.fake({ hooks });
    colony.write({ api: agent });
    await colony.apply();
    const [first] = [await alive()];
    const restart = colony.run(['restart', 'api']);
    await waitFor('the hook', () => existsSync(at('asked')));
    expect((await colony.run(['restart', 'api', '--now'])).code).toBe(0);
    await restart;
    expect(await isAlive(first)).toBe(false);
    const second = (await colony.agents.alive('api', 2)).pid;
    rmSync(at('asked'));
    const down = colony.run(['down', '--yes']);
    await waitFor('the hook', () => existsSync(at('asked')));
    expect((await colony.run(['down', '--yes', '--now'])).code).toBe(0);
    await down;
    expect(await isAlive(second)).toBe(false);
    expect(entries('hook_failed')).toEqual([]);
  });

  test('down --now from the beginning, and a down that a hook keeps up says so', async () => {
    colony.write({ api: colony.fake({ hooks: { pre_stop: 'echo never; exit 1' } }) });
    await colony.apply();
    const pid = await alive();
    const down = colony.start(['down', '--yes']);
    let said = '';
    down.stdout?.on('data', (text) => {
      said += text;
    });
    await waitFor('it to say so', () => said.includes('api: hook pre_stop failed, so the stop is put off'));
    down.kill();
    expect(await isAlive(pid)).toBe(true);
    expect((await colony.run(['down', '--yes', '--now'])).code).toBe(0);
    expect(await isAlive(pid)).toBe(false);
  });

  test('an agent that is taken out of the file has its hooks', async () => {
    const hooks = { pre_stop: tell('before'), post_stop: tell('after') };
    colony.write({ api: colony.fake({ hooks }), db: colony.fake() });
    await colony.apply();
    await alive();
    colony.write({ db: colony.fake() });
    expect((await colony.apply('--yes')).code).toBe(0);
    expect(await written('before')).toContain('COLONY_REASON=removed_from_file\n');
    expect(await written('after')).toContain('COLONY_EXIT_SIGNAL=15\n');
  });

  test('an end that comes while pre_stop runs is the end', async () => {
    const hooks = { pre_stop: 'touch asked; sleep 1', post_stop: tell('after') };
    colony.write({ api: colony.fake({ hooks }) });
    await colony.apply();
    const life = await colony.agents.alive('api');
    const stop = colony.run(['stop', 'api']);
    await waitFor('the hook', () => existsSync(at('asked')));
    life.tell({ do: 'exit', code: 5 });
    expect((await stop).code).toBe(0);
    expect(await written('after')).toContain('COLONY_EXIT_CODE=5\n');
    expect(entries('stopping')).toEqual([]);
    expect(await colony.agent('api')).toMatchObject({ phase: 'stopped', generation: 1 });
  });
});

describe('after a crash', () => {
  test('post_stop knows how it ended, and the next start waits for it', async () => {
    const post_stop = `${tell('after')}; while ! [ -e go ]; do sleep 0.05; done; exit 9`;
    const restart = { backoff: { initial: '10ms', max: '10ms' } };
    colony.write({ api: colony.fake({ hooks: { post_stop }, restart }), db: colony.fake({ restart }) });
    await colony.apply();
    (await colony.agents.alive('api')).tell({ do: 'exit', code: 3 });
    const after = await written('after');
    expect(after).toContain('COLONY_EXIT_CODE=3\n');
    expect(after).toContain('COLONY_REASON=exited\n');
    // One that waits for nothing comes back meanwhile, and that twice.
    for (const generation of [1, 2]) (await colony.agents.alive('db', generation)).tell({ do: 'exit', code: 3 });
    await colony.agents.alive('db', 3);
    expect(entries('started').filter(({ agent }) => agent === 'api')).toHaveLength(1);
    writeFileSync(at('go'), '');
    await colony.agents.alive('api', 2);
    expect(entries('hook_failed')).toMatchObject([{ hook: 'post_stop', veto: false, why: 'exit code 9' }]);
  });

  test('also if it happened while no supervisor ran, and if the server was lost', async () => {
    colony.write({ api: colony.fake({ hooks: { post_stop: tell('after') } }) });
    await colony.apply();
    const life = await colony.agents.alive('api');
    await colony.killSupervisor();
    life.tell({ do: 'exit', code: 4 });
    await waitFor('its end', () => life.ended);
    await colony.apply();
    expect(await written('after')).toContain('COLONY_EXIT_CODE=4\n');
    rmSync(at('after'));
    await colony.agents.alive('api', 2);
    await colony.tmux('kill-server');
    expect(await written('after')).toContain('COLONY_REASON=tmux_server_lost\n');
    await colony.agents.alive('api', 3);
  });
});

describe('a supervisor that leaves', () => {
  test('ends its hooks; one that was killed has left them to the next', async () => {
    // A dollar that is meant for the shell is written twice in the file.
    const hooks = { pre_start: 'echo $$$$ > pid.tmp; mv pid.tmp pid; [ -e go ] || exec sleep 600' };
    colony.write({ api: colony.fake({ hooks }), db: colony.fake() });
    await colony.apply('--no-wait');
    const first = Number(await written('pid'));
    expect(await isAlive(first)).toBe(true);
    rmSync(at('pid'));
    expect((await colony.run(['down', '--supervisor-only'])).code).toBe(0);
    expect(await isAlive(first)).toBe(false);
    await colony.apply('--no-wait');
    const second = Number(await written('pid'));
    await colony.killSupervisor();
    expect(await isAlive(second)).toBe(true);
    writeFileSync(at('go'), '');
    await colony.apply();
    await alive();
    expect(await isAlive(second)).toBe(false);
    expect(entries('hook_failed')).toEqual([]);
  });
});
