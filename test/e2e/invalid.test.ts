import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';

const folder = fileURLToPath(new URL('../fixtures/invalid', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

let colony: TestColony;
let before: Record<string, number>;

beforeAll(async () => {
  colony = await TestColony.make();
  colony.write({ api: colony.fake(), db: colony.fake() }, { reload: 'manual' });
  await colony.apply();
  before = await colony.pids();
});

afterAll(async () => {
  await colony.end();
});

test('there are many', () => expect(files.length).toBeGreaterThan(30));

test.each(files)('%s changes nothing that runs', async (name) => {
  copyFileSync(join(folder, name), colony.file);
  const applied = await colony.apply('--yes');
  expect(applied.code).toBe(65);
  expect(applied.stderr).toMatch(/colony\.yaml:\d+:\d+: error\[\w+\]/);
  const { config } = await colony.status();
  expect(config).toMatchObject({ valid: false, generation: 1 });
  expect(await colony.pids()).toEqual(before);
});
