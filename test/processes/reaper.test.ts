import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ended, Reaper, send } from '../../src/processes/reaper.ts';
import { readProcess } from '../../src/processes/table.ts';
import { isAlive, waitFor } from '../rig/wait.ts';

const started: number[] = [];

afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended, as it should.
    }
  }
});

/** A shell that prints the pid of each process it starts, and the run it belongs to. */
async function shell(script: string, run: string, count: number): Promise<number[]> {
  const child = spawn('sh', ['-c', script], {
    env: { PATH: process.env.PATH, COLONY_RUN_ID: run },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  child.stdout.setEncoding('utf8');
  let text = '';
  child.stdout.on('data', (chunk: string) => {
    text += chunk;
  });
  const found = await waitFor(`${count} pids`, () => {
    const pids = text.split('\n').filter((line) => line !== '');
    return pids.length >= count ? pids.map(Number) : undefined;
  });
  started.push(...found);
  return found;
}

const CASES = [
  ['a plain process', 'echo $$; while :; do sleep 0.1; done', 1],
  ['a child in a session of its own', "setsid sh -c 'echo $$; while :; do sleep 0.1; done' & echo $$; wait", 2],
  [
    'a double fork',
    '(setsid sh -c \'sh -c "echo \\$\\$; while :; do sleep 0.1; done" & :\' ); echo $$; while :; do sleep 0.1; done',
    2,
  ],
  ['one that ignores TERM and HUP', "trap '' TERM HUP; echo $$; while :; do sleep 0.1; done", 1],
  ['one that is stopped', 'echo $$; kill -STOP $$; sleep 1000', 1],
  [
    'one that forks when it is told to end',
    'trap \'setsid sh -c "trap : TERM; while :; do sleep 0.1; done" &\' TERM; echo $$; while :; do sleep 0.1; done',
    1,
  ],
] as const;

describe('sweep leaves nothing of', () => {
  test.each(CASES)('%s', async (_name, script, count) => {
    const run = `run-${randomUUID()}`;
    const pids = await shell(script, run, count);
    const { survivors } = await new Reaper().sweep(run, [], true);
    expect(survivors).toEqual([]);
    for (const pid of pids) expect(await isAlive(pid)).toBe(false);
  });
});

test('sweep touches nothing of another run', async () => {
  const [kept = 0] = await shell('echo $$; while :; do sleep 0.1; done', `run-${randomUUID()}`, 1);
  const run = `run-${randomUUID()}`;
  const [swept = 0] = await shell('echo $$; while :; do sleep 0.1; done', run, 1);
  const { killed } = await new Reaper().sweep(run, [], true);
  expect(killed).toContain(swept);
  expect(await isAlive(kept)).toBe(true);
});

test('a process that hides its environment is found because it was seen before', async () => {
  const run = `run-${randomUUID()}`;
  const script = "env -i setsid sh -c 'echo $$; while :; do /bin/sleep 0.1; done' & echo $$; wait";
  const [a = 0, b = 0] = await shell(script, run, 2);
  const reaper = new Reaper();
  const parent = readProcess(a)?.ppid === b ? b : a;
  const seen = await reaper.tree(parent);
  process.kill(parent, 'SIGKILL');
  await reaper.sweep(run, seen, true);
  for (const pid of [a, b]) expect(await isAlive(pid)).toBe(false);
});

test('a stopped process is continued, so that it can obey', async () => {
  const run = `run-${randomUUID()}`;
  const folder = mkdtempSync(join(tmpdir(), 'colony-reaper-'));
  const proof = join(folder, 'obeyed');
  const [pid = 0] = await shell(`trap 'touch ${proof}; exit' TERM; echo $$; kill -STOP $$; sleep 0.1`, run, 1);
  await waitFor('the process to be stopped', () => readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') T '));
  await new Reaper().sweep(run, [], true);
  expect(existsSync(proof)).toBe(true);
  rmSync(folder, { recursive: true });
});

test('what a handler of SIGTERM starts in order to clean up may finish', async () => {
  const run = `run-${randomUUID()}`;
  const folder = mkdtempSync(join(tmpdir(), 'colony-reaper-'));
  const proof = join(folder, 'cleaned');
  const script = `trap 'sh -c "sleep 0.2; touch ${proof}"; exit' TERM; echo $$; while :; do sleep 0.05; done`;
  await shell(script, run, 1);
  await new Reaper().sweep(run, [], true);
  expect(existsSync(proof)).toBe(true);
  rmSync(folder, { recursive: true });
});

describe('a signal', () => {
  test('never goes to a later process with the same pid', async () => {
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
    started.push(child.pid ?? 0);
    const proc = await waitFor('the process', () => readProcess(child.pid ?? 0));
    expect(send({ ...proc, start: 'another time' }, 'SIGKILL')).toBe(false);
    expect(await isAlive(proc.pid)).toBe(true);
    expect(send(proc, 'SIGKILL')).toBe(true);
    await once(child, 'exit');
    expect(await ended(proc, 1_000)).toBe(true);
    expect(send(proc, 'SIGKILL')).toBe(false);
  });
});
