import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HistoryReport } from '../../src/control/protocol.ts';
import { TestColony } from '../rig/colony.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(() => colony.end());

const runs = async (...args: string[]) =>
  (JSON.parse((await colony.run(['history', '-o', 'json', ...args])).stdout) as HistoryReport).runs;
const states = async (...args: string[]) => (await runs(...args)).map(({ state }) => state);

test('lives and how they ended, over supervisors, and of agents that are gone from the file', async () => {
  colony.write({ api: colony.fake({ labels: { team: 'core' } }), db: colony.fake() });
  await colony.apply();
  const first = await colony.agents.alive('api');
  first.tell({ do: 'say', text: 'last words' });
  first.tell({ do: 'exit', code: 3 });
  await colony.agents.alive('api', 2);
  await waitFor('the end', async () => (await states('api')).length === 2);
  const [running, failed] = await runs('api');
  expect(running).toMatchObject({ generation: 2, state: 'running', ended: null });
  expect(failed).toMatchObject({ generation: 1, state: 'failed', code: 3, reason: { code: 'exited' } });
  expect(failed?.tail).toContain('last words');
  expect(await states('-l', 'team=core', '-n', '1')).toEqual(['running']);
  await colony.killSupervisor();
  expect(await states('api')).toEqual(['running', 'failed']);
  colony.write({ db: colony.fake() });
  await colony.apply('--yes');
  await waitFor('the removal', async () => (await states('api')).join() === 'killed,failed');
  const table = (await colony.run(['history', 'api', '-o', 'wide'])).stdout;
  expect(table).toMatch(/^AGENT +GEN +STATE/);
  expect(table).toContain('no longer in the file');
  expect((await colony.run(['history', 'nobody'])).code).toBe(4);
});

test('a change of its limits restarts nothing and counts at once', async () => {
  colony.write({ api: colony.fake() });
  await colony.apply();
  for (const generation of [1, 2]) {
    (await colony.agents.alive('api', generation)).tell({ do: 'exit', code: 1 });
    await colony.agents.alive('api', generation + 1);
  }
  await waitFor('the ends', async () => (await states()).length === 3);
  const before = await colony.pids();
  colony.write({ api: colony.fake() }, { history: { keep: 1 } });
  expect((await colony.apply()).code).toBe(0);
  expect(await colony.pids()).toEqual(before);
  expect(await states()).toEqual(['running', 'failed']);
});

test('holds no value of a variable', async () => {
  colony.environment.SECRET_WORD = 'swordfish';
  colony.write({
    api: { command: 'echo ${SECRET_WORD} >/dev/null; exec sleep 1000', env: { TOKEN: 'hunter2' } },
    db: { command: 'exec sleep 1000' },
  });
  await colony.apply();
  const written = JSON.stringify(await runs());
  expect(written).toContain('exec sleep 1000');
  await colony.run(['down', '--supervisor-only']);
  const file = await waitFor(
    'those that run',
    () => existsSync(colony.paths.running) && readFileSync(colony.paths.running, 'utf8'),
  );
  expect(file).toContain('"agent":"api"');
  for (const text of [written, file]) expect(text).not.toMatch(/swordfish|hunter2/);
});
