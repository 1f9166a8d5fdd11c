import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CommandOptions, type Ended, runCommand } from '../../src/command/run.ts';
import { environmentText, variableIn } from '../../src/processes/environ.ts';
import { readTable } from '../../src/processes/table.ts';
import { removeFolder } from '../rig/remove.ts';
import { isAlive, waitFor } from '../rig/wait.ts';

let dir: string;
/** Marks everything that this file starts, so that what is left of it can be counted. */
let label: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'colony-command-'));
  label = dir.replaceAll('/', '-');
});

afterEach(() => removeFolder(dir));

function run(argv: readonly [string, ...string[]], over: Partial<CommandOptions> = {}): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? '', LABEL: label, ...over.env };
  return runCommand({ argv, cwd: dir, timeout: 20_000, outputLimit: 1_000, ...over, env });
}

const sh = (line: string, over: Partial<CommandOptions> = {}) => run(['/bin/sh', '-c', line], over);

/** Every living process that was started by a command of this test. */
function alive(): readonly number[] {
  return [...readTable().values()].flatMap(({ pid, zombie }) =>
    !zombie && variableIn(environmentText(pid), 'LABEL') === label ? [pid] : [],
  );
}

const nothingLeft = () => waitFor('nothing to be left', () => alive().length === 0);

const pidIn = (name: string) =>
  waitFor(`a pid in ${name}`, () => {
    const path = join(dir, name);
    return existsSync(path) && Number(readFileSync(path, 'utf8'));
  });

describe('how a command has ended', () => {
  test.each<[string, Ended]>([
    ['echo one; echo two >&2', { is: 'exited', code: 0, output: 'one\ntwo\n' }],
    ['echo no; exit 3', { is: 'exited', code: 3, output: 'no\n' }],
    ['echo bye; kill -KILL $$', { is: 'signaled', signal: 'SIGKILL', output: 'bye\n' }],
    ['pwd | wc -l; cat', { is: 'exited', code: 0, output: '1\n' }],
  ])('%s', async (line, ended) => {
    const done = await sh(line);
    // Two pipes have no order between them.
    expect('output' in done ? { ...done, output: lines(done.output) } : done).toEqual(
      'output' in ended ? { ...ended, output: lines(ended.output) } : ended,
    );
  });

  test('it runs in its folder, with its environment and a mark', async () => {
    const done = await sh('pwd; echo $A; env | grep -c COLONY_COMMAND_ID', { env: { A: 'b' } });
    expect(done).toMatchObject({ output: `${dir}\nb\n1\n` });
  });

  test.each<[string, readonly [string, ...string[]], RegExp]>([
    ['there is none', ['no-such-program-anywhere'], /^there is no program no-such-program-anywhere$/],
    ['it may not be executed', ['./plain'], /^\.\/plain may not be executed$/],
    ['its words hold what no word can', ['/bin/echo', 'a\0b'], /null bytes/],
    ['its words are too long', ['/bin/echo', 'x'.repeat(4_000_000)], /longer than the system takes/],
  ])('not started: %s', async (_, argv, why) => {
    writeFileSync(join(dir, 'plain'), 'text', { mode: 0o644 });
    expect(await run(argv)).toEqual({ is: 'not_started', why: expect.stringMatching(why) });
  });

  test('not started: its folder is missing', async () => {
    const cwd = join(dir, 'gone');
    expect(await run(['/bin/echo'], { cwd })).toEqual({ is: 'not_started', why: `there is no folder ${cwd}` });
  });

  test('aborted before, and while it runs', async () => {
    expect(await sh('touch began', { signal: AbortSignal.abort() })).toEqual({ is: 'aborted' });
    expect(existsSync(join(dir, 'began'))).toBe(false);
    const controller = new AbortController();
    const running = sh('echo $$ > pid; sleep 600', { signal: controller.signal });
    await pidIn('pid');
    controller.abort();
    expect(await running).toEqual({ is: 'aborted' });
    await nothingLeft();
  });
});

/** They would sleep for ten minutes; a loaded machine takes some seconds of its own. */
const LONG = 15_000;

describe('an awkward command', () => {
  test('sleeps past its timeout, and ignores what it can', async () => {
    const began = performance.now();
    const done = await sh("trap '' TERM HUP INT; echo deaf; sleep 600 & sleep 600; sleep 600", { timeout: 2_000 });
    expect(done).toEqual({ is: 'timed_out', output: 'deaf\n' });
    expect(performance.now() - began).toBeLessThan(LONG);
    await nothingLeft();
  });

  test('leaves its group stopped behind, which is gone before anybody has looked for it', async () => {
    const line = 'sh -c "echo \\$\\$ > pid; kill -STOP \\$\\$; sleep 600" & while ! [ -s pid ]; do sleep 0.01; done';
    // Nobody looks for it as long as no timer goes.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      expect(await sh(line)).toEqual({ is: 'exited', code: 0, output: '' });
      const pid = await pidIn('pid');
      await waitFor('the stopped one to be gone', async () => !(await isAlive(pid)));
    } finally {
      await vi.runAllTimersAsync();
      vi.useRealTimers();
    }
    await nothingLeft();
  });

  test('forks twice into a session of its own', async () => {
    writeFileSync(join(dir, 'deaf.sh'), "trap '' TERM HUP INT; echo $$ > pid; while :; do sleep 1; done");
    const away = 'setsid sh -c "sh deaf.sh & :" & while ! [ -s pid ]; do sleep 0.01; done';
    expect((await sh(away)).is).toBe('exited');
    const pid = await pidIn('pid');
    await waitFor('the escaped one to be gone', async () => !(await isAlive(pid)));
    await nothingLeft();
  });

  test('has its output held open by somebody else, which delays nothing', async () => {
    const began = performance.now();
    const done = await sh('setsid sleep 600 & echo done');
    expect(done).toEqual({ is: 'exited', code: 0, output: 'done\n' });
    expect(performance.now() - began).toBeLessThan(LONG);
    await nothingLeft();
  });

  test('prints twice of what it may cost in memory, which costs none', async () => {
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 20);
    const done = await sh('head -c 419430400 /dev/zero; echo end', { outputLimit: 10, timeout: 50_000 });
    clearInterval(watch);
    expect(done).toEqual({ is: 'exited', code: 0, output: '\0'.repeat(10) });
    expect(most - before).toBeLessThan(200 * 1024 * 1024);
  });

  test('prints for ever, after it has ended itself', async () => {
    const done = await sh('setsid sh -c "yes" & sleep 0.2; exit 4', { outputLimit: 4 });
    expect(done).toEqual({ is: 'exited', code: 4, output: 'y\ny\n' });
    await nothingLeft();
  });
});

test('five hundred commands leave no process and no descriptor', async () => {
  const descriptors = () => readdirSync('/proc/self/fd').length;
  await sh('true');
  const before = descriptors();
  const lines = ['true', 'exit 1', 'echo a', 'sleep 600 & echo', 'setsid sleep 600 & :', 'kill -9 $$', 'sleep 600'];
  for (let round = 0; round < 25; round++) {
    const some = Array.from({ length: 20 }, (_, i) =>
      sh(lines[i % lines.length] ?? '', { timeout: i % lines.length === 6 ? 50 : 20_000 }),
    );
    await Promise.all(some);
  }
  await nothingLeft();
  expect(descriptors()).toBeLessThanOrEqual(before);
});

const lines = (text: string) => text.split('\n').sort();
