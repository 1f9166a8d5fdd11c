import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StatusReport } from '../../src/control/protocol.ts';
import { somebodyWaits } from '../rig/asked.ts';
import { TestColony } from '../rig/colony.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(async () => {
  await colony.end();
});

const QUIET = { code: 0, stdout: '', stderr: '' };
const FAST = { backoff: { initial: '10ms', max: '10ms' } };
const SLOW = { backoff: { initial: '1h', max: '1h' } };

/** Whether a command is through, and how it came out. */
function watched<T>(command: Promise<T>): { readonly result: Promise<T>; readonly done: () => boolean } {
  let done = false;
  const result = command.finally(() => {
    done = true;
  });
  return { result, done: () => done };
}

/** How long each life took that has ended, in milliseconds. */
function lives(): readonly number[] {
  const journal = colony.journal();
  return journal.flatMap((entry) => {
    if (entry.type !== 'exited') return [];
    const began = journal.find(({ type, ...of }) => type === 'started' && 'run' in of && of.run === entry.run);
    return began?.type === 'started' ? [entry.at - began.started] : [];
  });
}

describe('wait', () => {
  test('is over at once where all is so already, and says nothing', async () => {
    colony.write({ api: colony.fake(), job: { command: 'exit 0', restart: 'on-failure' } });
    await colony.apply();
    expect(await colony.run(['wait', '--for=ready'])).toEqual(QUIET);
    expect(await colony.run(['wait', '--for=ready', '--timeout', '0'])).toEqual(QUIET);
    expect(await colony.run(['wait', 'job', '--for=completed'])).toEqual(QUIET);
    expect(await colony.run(['wait', 'job', '--for=stopped'])).toEqual(QUIET);
  });

  test('ends in the moment in which it comes true', async () => {
    colony.write({ api: colony.fake({ restart: SLOW }), db: colony.fake() });
    await colony.apply();
    (await colony.agents.alive('api')).tell({ do: 'exit', code: 3 });
    await waitFor('back-off', async () => (await colony.agent('api'))?.phase === 'backoff');
    const ready = watched(colony.run(['wait', 'api', 'db', '--for', 'ready']));
    await somebodyWaits(colony);
    expect(ready.done()).toBe(false);
    await colony.run(['restart', 'api']);
    expect(await ready.result).toEqual(QUIET);

    const stopped = watched(colony.run(['wait', 'a*', '--for=stopped']));
    await somebodyWaits(colony);
    expect(stopped.done()).toBe(false);
    await colony.run(['stop', 'api']);
    expect(await stopped.result).toEqual(QUIET);
  });

  test('says what is the matter when the time is over', async () => {
    colony.write({ api: colony.fake({ restart: SLOW, labels: { team: 'a' } }), db: colony.fake() });
    await colony.apply();
    (await colony.agents.alive('api')).tell({ do: 'exit', code: 3 });
    await waitFor('back-off', async () => (await colony.agent('api'))?.phase === 'backoff');
    const stderr = '  api: backoff: the program ended: exit code 3\n';
    expect(await colony.run(['wait', '--for=ready', '--timeout', '300ms'])).toEqual({
      code: 5,
      stdout: '',
      stderr: `colony: not ready after 300ms\n${stderr}`,
    });
    expect(await colony.run(['wait', '-l', 'team=a', '--for=ready', '--timeout', '0'])).toMatchObject({
      code: 5,
      stderr: `colony: not ready\n${stderr}`,
    });
    expect(await colony.run(['wait', '--for=stopped', 'db', '--timeout', '0'])).toMatchObject({ code: 5 });
  });

  test('ends when it cannot come true any more', async () => {
    const restart = { ...FAST, crash_loop: { restarts: 1, window: '1h' } };
    colony.write({ api: { command: 'exit 3', restart }, job: colony.fake({ restart: 'never' }), db: colony.fake() });
    await colony.apply('--no-wait');
    const held = await colony.run(['wait', 'api', '--for=ready']);
    expect(held).toMatchObject({ code: 3, stdout: '' });
    expect(held.stderr).toMatch(/will not come by itself\n {2}api: held: crash loop/);
    const failed = watched(colony.run(['wait', 'job', '--for=completed']));
    await somebodyWaits(colony);
    expect(failed.done()).toBe(false);
    (await colony.agents.alive('job')).tell({ do: 'exit', code: 4 });
    expect(await failed.result).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('job: the program ended: exit code 4'),
    });
    const ready = watched(colony.run(['wait', 'db', '--for=ready', '--timeout', '20s']));
    await ready.result;
    await colony.run(['stop', 'db']);
    expect(await colony.run(['wait', 'db', '--for=ready'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('db: stopped by a person'),
    });
  });

  test('for a program that dies as soon as it is started does not call it ready', async () => {
    colony.write({ api: { command: 'sleep 0.05; exit 3', restart: { ...FAST, crash_loop: 'off' } } });
    await colony.apply('--no-wait');
    const { code } = await colony.run(['wait', '--for=ready', '--timeout', '1500ms']);
    // On a loaded machine one of its lives may take as long as a program has to live to be called ready.
    if (code === 0) await waitFor('a life that was long enough', () => lives().some((span) => span >= 250));
    else expect(code).toBe(5);
  });

  test('for an idle program watches it for as long as that takes', async () => {
    colony.write({ api: colony.fake(), loud: { command: 'while :; do echo tick; sleep 0.5; done' } });
    await colony.apply();
    await waitFor('loud to be busy', async () => (await colony.agent('loud'))?.activity.state === 'busy');
    expect(await colony.run(['wait', 'loud', '--for=idle', '--timeout', '2s'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('loud: busy'),
    });
    expect(await colony.run(['wait', 'api', '--for=idle', '--timeout', '60s'])).toMatchObject({ code: 0 });
    expect((await colony.agent('api'))?.activity).toMatchObject({ state: 'idle', source: 'output' });
    await colony.killSupervisor();
    expect(await colony.run(['wait', 'api', '--for=idle'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing can tell whether api is idle'),
    });
  });

  test('-o json prints how the agents are, whatever came of it', async () => {
    colony.write({ api: colony.fake(), db: colony.fake() });
    await colony.apply();
    for (const [args, code] of [
      [['--for=ready'], 0],
      [['--for=stopped', '--timeout', '0'], 5],
    ] as const) {
      const ran = await colony.run(['wait', 'api', '-o', 'json', ...args]);
      expect(ran.code).toBe(code);
      const report = JSON.parse(ran.stdout) as StatusReport;
      expect(report).toMatchObject({ version: 1, colony: 'lab', agents: [{ name: 'api', phase: 'ready' }] });
    }
  });

  test.each([
    [['wait', 'nobody', '--for=ready'], 4],
    [['wait', '-l', 'a=b', '--for=ready'], 4],
    [['wait'], 64],
    [['wait', '--for=happy'], 64],
    [['wait', '--for=ready', '--timeout', 'long'], 64],
  ])('%j: exit %i', async (args, code) => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    expect((await colony.run(args)).code).toBe(code);
  });
});

describe('a supervisor that goes away while somebody waits', () => {
  test('is waited for, and its successor asked', async () => {
    colony.write({ api: colony.fake({ restart: SLOW }) });
    await colony.apply();
    (await colony.agents.alive('api')).tell({ do: 'exit', code: 3 });
    await waitFor('back-off', async () => (await colony.agent('api'))?.phase === 'backoff');
    const ready = watched(colony.run(['wait', '--for=ready']));
    await somebodyWaits(colony);
    await colony.killSupervisor();
    expect((await colony.apply()).code).toBe(3);
    await somebodyWaits(colony);
    expect(ready.done()).toBe(false);
    await colony.run(['start', 'api']);
    expect(await ready.result).toEqual(QUIET);
  });

  test('with all its agents: they have stopped', async () => {
    colony.write({ api: colony.fake(), db: colony.fake() });
    await colony.apply();
    const stopped = watched(colony.run(['wait', '--for=stopped']));
    await somebodyWaits(colony);
    await colony.run(['down', '--yes']);
    expect(await stopped.result).toEqual(QUIET);
  });

  test('for longer than anybody waits: the time is over', async () => {
    colony.write({ api: colony.fake({ restart: SLOW }) });
    await colony.apply();
    const stopped = watched(colony.run(['wait', '--for=stopped', '--timeout', '2s']));
    await somebodyWaits(colony);
    await colony.killSupervisor();
    expect(await stopped.result).toMatchObject({ code: 5 });
  });
});

describe('without a supervisor', () => {
  test('what is so is seen, and what is not is not waited for', async () => {
    colony.write({ api: colony.fake(), db: colony.fake() });
    await colony.apply();
    await colony.run(['stop', 'db']);
    await colony.killSupervisor();
    expect(await colony.run(['wait', 'db', '--for=stopped'])).toEqual(QUIET);
    expect(await colony.run(['wait', 'api', '--for=ready'])).toEqual(QUIET);
    expect(await colony.run(['wait', 'api', '--for=stopped'])).toMatchObject({ code: 69 });
    expect(await colony.run(['wait', 'db', '--for=ready'])).toMatchObject({ code: 3 });
  });

  test('a colony that is down is stopped, and will not get ready', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    await colony.run(['down', '--yes']);
    expect(await colony.run(['wait', '--for=stopped'])).toEqual(QUIET);
    const ready = await colony.run(['wait', '--for=ready']);
    expect(ready).toMatchObject({ code: 69, stderr: expect.stringContaining('colony apply starts it') });
  });
});
