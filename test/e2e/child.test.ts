import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import { waitFor } from '../rig/wait.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(() => colony.end());

test('the example of the README runs in an agent that colony started', async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, example = ''] = /```js\n([\s\S]*?agent-colony\/child[\s\S]*?)```/.exec(readme) ?? [];
  // Where the package is not installed, its built file stands for it.
  const program = example.replace("'agent-colony/child'", JSON.stringify(join(root, 'dist', 'child.js')));
  const file = join(colony.work, 'agent.mjs');
  const out = join(colony.work, 'context.json');
  const print = `\nimport { writeFileSync } from 'node:fs';
writeFileSync(${JSON.stringify(out)}, JSON.stringify(context ?? null)); setInterval(() => {}, 1e6);\n`;
  writeFileSync(file, program + print);
  colony.write({ worker: { command: [process.execPath, file], metadata: { task: 'T-17' } } });
  expect((await colony.apply()).code).toBe(0);
  const text = await waitFor('its context', () => existsSync(out) && readFileSync(out, 'utf8'));
  expect(JSON.parse(text)).toMatchObject({
    ...{ colony: 'lab', config: colony.file, home: colony.environment.COLONY_HOME, agent: 'worker', kind: 'shell' },
    ...{ replica: 1, generation: 1, metadata: { task: 'T-17' } },
  });
});
