import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sweepCommands } from '../../../src/command/sweep.ts';
import { check } from '../../../src/probes/index.ts';
import { environmentText, variableIn } from '../../../src/processes/environ.ts';
import { readTable } from '../../../src/processes/table.ts';
import type { Colony } from '../../../src/supervisor/colony.ts';
import type { Patterns } from '../../../src/supervisor/patterns/patterns.ts';
import { asker } from '../../../src/supervisor/probing/ask.ts';
import type { Outputs } from '../../../src/supervisor/probing/outputs.ts';
import { look, nothing, probe } from '../../probes/rig.ts';
import { removeFolder } from '../../rig/remove.ts';
import { waitFor } from '../../rig/wait.ts';

let dir: string;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'colony-exec-')));
});
afterEach(async () => {
  await sweepCommands();
  removeFolder(dir);
});

const markOf = (path: string) => Buffer.from(path).toString('hex');

/** Run a command as a probe of an agent that lives in `dir`. */
function run(command: string | readonly string[], timeout = 20_000) {
  const env = { TOKEN: 'hidden-token', MARK: markOf(dir) };
  const spec = { name: 'web', kind: 'shell', workdir: dir, env, metadata: {}, replica: 1 };
  const colony = {
    name: 'lab',
    path: '/lab/colony.yaml',
    home: undefined,
    paths: { spool: '/nonexistent' },
    environment: { PATH: process.env.PATH ?? '' },
    desired: { agents: new Map([['web', spec]]) },
  } as unknown as Colony;
  const ask = { ...nothing, ...asker(colony, {} as Outputs, {} as Patterns) };
  return check(probe({ exec: { command }, timeout }), look({ ask, timeout }));
}

/** What they would sleep for is a thousand seconds; a loaded machine takes some of its own. */
const LONG = 15_000;

/** Processes that carry the mark of this test. */
const left = () =>
  [...readTable().values()].filter(
    ({ pid, zombie }) => !zombie && pid !== process.pid && variableIn(environmentText(pid), 'MARK') === markOf(dir),
  );

test('it runs where the agent does, and knows what the agent knows, but is no part of it', async () => {
  const told = 'echo "$PWD $COLONY_AGENT $COLONY_PROBE ${COLONY_RUN_ID-none}" >&2; exit 3';
  expect((await run(told)).text).toBe(`the command ended with exit code 3: ${dir} web liveness none`);
  expect(await run(['test', 'a', '=', 'a'])).toEqual({ is: 'healthy', text: 'the command ended with exit code 0' });
});

test('what it prints hides the values of the environment', async () => {
  expect((await run('echo "no access with $TOKEN"; exit 1')).text).toBe(
    'the command ended with exit code 1: no access with ***',
  );
});

describe('whatever it does, it is judged in time and nothing of it is left', () => {
  test.each<[string, string | readonly string[], string, RegExp]>([
    ['forks twice', '(setsid sh -c "sleep 1000 & sleep 1000" &) ; exit 0', 'healthy', /exit code 0$/],
    ['holds its output open', 'sleep 1000 & echo done; exit 1', 'unhealthy', /exit code 1: done$/],
    ['cannot be executed', ['/no/such/program'], 'unknown', /there is no program/],
    ['is not there', 'no-such-program-at-all', 'unknown', /exit code 127/],
    ['is no program', ['/etc'], 'unknown', /may not be executed/],
    ['ends itself', 'kill -9 $$', 'unhealthy', /was ended by SIGKILL$/],
  ])('%s', async (_, command, is, text) => {
    const began = performance.now();
    expect(await run(command)).toEqual({ is, text: expect.stringMatching(text) });
    expect(performance.now() - began).toBeLessThan(LONG);
    await waitFor('all to be gone', () => left().length === 0);
  });

  test.each([
    ['ignores TERM and does not end', "trap '' TERM HUP INT; while :; do sleep 1; done"],
    ['sleeps for too long', 'sleep 1000'],
  ])('%s', async (_, command) => {
    const began = performance.now();
    expect(await run(command, 300)).toEqual({ is: 'unhealthy', text: expect.stringMatching(/within 300ms/) });
    expect(performance.now() - began).toBeLessThan(LONG);
    await waitFor('all to be gone', () => left().length === 0);
  });

  test('prints twice of what it may cost in memory', async () => {
    const before = process.memoryUsage().rss;
    const found = await run('head -c 419430400 /dev/zero; echo; exit 1', 50_000);
    expect(found).toMatchObject({ is: 'unhealthy' });
    expect(found.text.length).toBeLessThan(200);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });
});
