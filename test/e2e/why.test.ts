import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WhyReport } from '../../src/control/protocol.ts';
import { TestColony } from '../rig/colony.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(() => colony.end());

const notify = (words: string) => `${process.execPath} ${colony.program} notify ${words}`;

async function why(name: string): Promise<WhyReport> {
  const { stdout, stderr } = await colony.run(['why', name, '-o', 'json']);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as WhyReport;
}

test('what is known of an agent, who says so, what is to be done and what was done', async () => {
  const command = `${notify('busy')}; while ! [ -e go ]; do sleep 0.05; done; ${notify('idle')}; sleep 1000`;
  const api = { command, idle: { after: '1h' }, update: { mode: 'when_idle', wait: '1h' } };
  colony.write({ api });
  await colony.apply();
  const before = await waitFor('it to say that it works', async () => {
    const report = await why('api');
    return report.evidence.some(({ source }) => source === 'report') && report;
  });
  expect(before.agent).toMatchObject({ name: 'api', phase: 'ready', activity: { state: 'busy', source: 'report' } });
  expect(before.evidence[0]).toMatchObject({ source: 'report', state: 'busy', counts: true });
  expect(before.decisions).toEqual([{ what: 'idle', text: 'it is not idle', outcome: 'nothing to do' }]);
  expect(before.events.map(({ text }) => text)).toEqual([expect.stringMatching(/^started/)]);
  expect(before.after_restart).toMatch(/begins anew/);

  colony.write({ api: { ...api, env: { MORE: 'x' } } });
  await colony.apply('--no-wait');
  const update = await waitFor('the change to wait', async () =>
    (await why('api')).decisions.find(({ what, outcome }) => what === 'update' && outcome.includes('at most')),
  );
  expect(update).toMatchObject({
    text: 'restart: changed in the file: env.MORE',
    outcome: expect.stringMatching(/^waits until it is idle, at most 59m\d+s more$/),
  });
  const { code, stdout } = await colony.run(['why', 'api']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^api: ready for /);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  writeFileSync(join(colony.work, 'go'), '');
  await waitFor('the change to be made', async () => (await colony.agent('api'))?.generation === 2);
});

test('of what does not run, and without a supervisor', async () => {
  colony.write({ api: { command: 'sleep 1000' }, db: { command: 'exit 127' } });
  await colony.apply('--no-wait');
  await waitFor('db to be held', async () => (await colony.agent('db'))?.phase === 'held');
  const held = { what: 'start', outcome: 'is not started until other settings, or `colony start db`' };
  expect((await why('db')).decisions[0]).toMatchObject(held);
  await colony.run(['down', '--supervisor-only']);
  const report = await why('api');
  expect(report).toMatchObject({ agent: { phase: 'ready' }, decisions: [] });
  expect(report.events.at(-1)?.text).toMatch(/^started/);
  const unattended = (await why('db')).decisions[0];
  expect(unattended?.outcome).toBe('nothing is done while no supervisor runs');
});

test('an agent that there is not', async () => {
  colony.write({ api: { command: 'sleep 1000' } });
  await colony.apply();
  expect(await colony.run(['why', 'apy'])).toMatchObject({ code: 4, stdout: '' });
});
