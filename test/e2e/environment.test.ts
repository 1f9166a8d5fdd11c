import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(async () => {
  await colony.end();
});

async function environmentOf(agent: string): Promise<Readonly<Record<string, string>>> {
  const told = await (await colony.agents.alive(agent)).ask({ do: 'env' }, 'env');
  return told.env as Record<string, string>;
}

test('a captured variable is unset for one agent and what runs for it, and comes back; another agent keeps it', async () => {
  const seen = join(colony.dir, 'seen');
  const hooks = { post_start: `echo "<$$PROXY>" > ${seen}` };
  Object.assign(colony.environment, { PROXY: 'http://proxy', OTHER: 'kept' });
  colony.write({ api: colony.fake({ env: { PROXY: null, COLONY_AGENT: null }, hooks }), db: colony.fake() });
  expect((await colony.apply()).code).toBe(0);
  expect(await environmentOf('api')).toMatchObject({ OTHER: 'kept', COLONY_AGENT: 'api' });
  expect(await environmentOf('api')).not.toHaveProperty('PROXY');
  expect(await environmentOf('db')).toMatchObject({ PROXY: 'http://proxy' });
  await waitFor('the hook to have looked', () => existsSync(seen) && readFileSync(seen, 'utf8') === '<>\n');

  colony.write({ api: colony.fake(), db: colony.fake({ env: { PROXY: null } }) });
  const planned = await colony.run(['plan']);
  expect(planned.stdout).toMatch(/env\.PROXY: unset -> -?/);
  expect(planned.stdout).toMatch(/env\.PROXY: .*-> unset$/m);
  expect(planned.stdout).not.toContain('http://proxy');
  expect((await colony.apply()).code).toBe(0);
  expect(await environmentOf('api')).toMatchObject({ PROXY: 'http://proxy' });
  expect(await environmentOf('db')).not.toHaveProperty('PROXY');
});
