import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import { waitFor } from '../rig/wait.ts';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make('example');
});

afterEach(async () => {
  await colony.end();
});

/** A port that nobody used a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

test('the example runs as it is: all come up, the worker asks the server, crashes, and comes back', async () => {
  for (const file of ['web.mjs', 'worker.mjs']) copyFileSync(join(examples, file), join(colony.work, file));
  const text = readFileSync(join(examples, 'colony.yaml'), 'utf8');
  expect(text).toContain('CRASH_AFTER: "20"');
  writeFileSync(colony.file, text.replace('CRASH_AFTER: "20"', 'CRASH_AFTER: "3"'));
  const { code, stderr } = await colony.run(['apply'], { PORT: String(await freePort()) });
  expect(code, stderr).toBe(0);
  await waitFor('all to be up', async () => {
    const { agents } = await colony.status();
    const phases = new Map(agents.map(({ name, phase }) => [name, phase]));
    const running = ['web', 'ticker-1', 'ticker-2'].every((name) => phases.get(name) === 'ready');
    return running && phases.get('setup') === 'completed';
  });
  const nightly = { type: 'scheduled', agent: 'web', schedule: '0 4 * * * Europe/Berlin restart', outcome: 'set' };
  expect(colony.journal()).toContainEqual(expect.objectContaining(nightly));
  const seen = await waitFor('the worker to have had an answer', async () => {
    const { stdout } = await colony.run(['logs', 'worker']);
    return stdout.includes('hello from web') && stdout;
  });
  expect(seen).not.toContain('no answer');
  await waitFor('the worker to crash and come back', async () => {
    const worker = await colony.agent('worker');
    return (worker?.restarts.total ?? 0) > 0 && worker?.pid !== null && worker?.last_exit?.code === 3;
  });
  expect((await colony.agent('web'))?.restarts.total).toBe(0);
});
