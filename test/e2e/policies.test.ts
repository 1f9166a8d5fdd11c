import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WhyReport } from '../../src/control/protocol.ts';
import { TestColony } from '../rig/colony.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(() => colony.end());

/** The words of `colony notify`, as they are typed in a shell. */
const notify = (words: string) => `${process.execPath} ${colony.program} notify ${words}`;

const until = (file: string) => `while ! [ -e ${file} ]; do sleep 0.05; done`;

const touch = (file: string) => writeFileSync(join(colony.work, file), '');

const linesOf = (file: string) => {
  const path = join(colony.work, file);
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
};

async function phaseOf(name: string, phase: string) {
  return waitFor(`${name} to be ${phase}`, async () => {
    const agent = await colony.agent(name);
    return agent?.phase === phase && agent;
  });
}

async function decisionsOf(name: string): Promise<WhyReport['decisions']> {
  const { stdout } = await colony.run(['why', name, '-o', 'json']);
  return (JSON.parse(stdout) as WhyReport).decisions;
}

describe('idle', () => {
  test('what is typed is typed so often, and no oftener', async () => {
    const command = `${notify('idle')}; while read -r line; do echo "$line" >> heard; done`;
    colony.write({ api: { command, idle: { after: '500ms', action: { send: 'go on' }, times: 2 } } });
    await colony.apply();
    await waitFor('it to be told twice', () => linesOf('heard').length === 2);
    await waitFor('that to be all', async () =>
      (await decisionsOf('api')).some(
        ({ what, text }) => what === 'idle' && text.startsWith('this was done 2 of 2 times'),
      ),
    );
    expect(linesOf('heard')).toEqual(['go on', 'go on']);
    const sent = colony.journal().filter((entry) => entry.type === 'sent');
    expect(sent.map(({ reason }) => reason)).toEqual([
      { code: 'idle', for: 500, time: 1, times: 2 },
      { code: 'idle', for: 500, time: 2, times: 2 },
    ]);
  });

  test('a person is told once, and that it is over', async () => {
    colony.write({
      api: { command: `${notify('idle')}; ${until('go')}; ${notify('busy')}; ${until('end')}`, idle: { after: '1s' } },
    });
    await colony.apply();
    const alerts = async () => (await colony.agent('api'))?.alerts.map(({ policy, text }) => `${policy}: ${text}`);
    await waitFor('the alert', async () => (await alerts())?.includes('idle: idle for 1s'));
    touch('go');
    await waitFor('that to be over', async () => (await alerts())?.length === 0);
    expect(colony.journal().filter(({ type }) => type === 'alert')).toHaveLength(1);
  });

  test('a restart is counted over the lives that it begins', async () => {
    const idle = { after: '500ms', action: 'restart', times: 1 };
    colony.write({ api: { command: `${notify('idle')}; ${until('end')}`, idle } });
    await colony.apply();
    await waitFor('it to be restarted, and no more', async () =>
      (await decisionsOf('api')).some(
        ({ what, text }) => what === 'idle' && text.startsWith('this was done 1 of 1 times'),
      ),
    );
    expect(await colony.agent('api')).toMatchObject({
      generation: 2,
      reason: { code: 'idle' },
      restarts: { total: 0 },
    });
  });
});

test('waiting: a person is told after a while, until it is answered', async () => {
  const command = `${notify('waiting')}; ${until('answer')}; ${notify('busy')}; ${until('end')}`;
  colony.write({ api: { command, waiting: '1s' } });
  await colony.apply();
  const alerts = async () => (await colony.agent('api'))?.alerts;
  const [alert] = (await waitFor('the alert', async () => {
    const found = await alerts();
    return found?.length === 1 && found;
  })) ?? [undefined];
  expect(alert).toMatchObject({ policy: 'waiting', level: 'notify', text: 'has waited for a person for 1s' });
  touch('answer');
  await waitFor('that to be over', async () => (await alerts())?.length === 0);
});

describe('completion', () => {
  /** Does its work at once in its first life; later ones wait for a word. */
  const work = `[ -e again ] || echo "ALL DONE in life $COLONY_GENERATION"; touch begun; ${until('again')}; ${until('finish')};
    echo "ALL DONE in life $COLONY_GENERATION"; ${until('end')}`;
  const job = { command: work, completion: { output: '^ALL DONE' }, stop: { grace: '2s' } };

  test('work that is done by its own sign is stopped, and counts as completed, for good', async () => {
    colony.write({
      job,
      late: { command: until('end'), depends_on: { job: { condition: 'completed' } } },
    });
    await colony.apply();
    expect(await colony.run(['wait', 'job', '--for=completed'])).toMatchObject({ code: 0 });
    const done = await phaseOf('job', 'completed');
    expect(done).toMatchObject({
      pid: null,
      reason: { code: 'work_done', text: 'its work is done: ALL DONE in life 1' },
    });
    await phaseOf('late', 'ready');
    const { stdout } = await colony.run(['history', 'job', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ runs: [{ state: 'completed', generation: 1 }] });
    await colony.killSupervisor();
    expect(await colony.apply()).toMatchObject({ code: 0 });
    expect(await colony.agent('job')).toMatchObject({ phase: 'completed', generation: 1 });
  });

  test('a start begins anew, and the sign of the life before does not count', async () => {
    colony.write({ job });
    await colony.apply();
    await phaseOf('job', 'completed');
    touch('again');
    expect(await colony.run(['start', 'job'])).toMatchObject({ code: 0 });
    expect(await colony.agent('job')).toMatchObject({ phase: 'ready', generation: 2 });
    touch('finish');
    const done = await phaseOf('job', 'completed');
    expect(done.reason?.text).toBe('its work is done: ALL DONE in life 2');
  });

  test('other settings begin it anew', async () => {
    colony.write({ job });
    await colony.apply();
    await phaseOf('job', 'completed');
    touch('again');
    colony.write({ job: { ...job, env: { MORE: 'work' } } });
    await colony.apply();
    expect(await phaseOf('job', 'ready')).toMatchObject({ generation: 2, reason: { code: 'config_changed' } });
  });
});
