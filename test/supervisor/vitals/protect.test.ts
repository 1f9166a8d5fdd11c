import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { offerToTheKernel } from '../../../src/supervisor/vitals/protect.ts';
import { waitFor } from '../../rig/wait.ts';

let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

const scoreOf = (pid: number) => Number(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8'));

/** A shell that starts one child when it is told to; the answer is both pids. */
async function shell(): Promise<{ readonly pid: number; readonly fork: () => Promise<number> }> {
  const made = spawn('sh', ['-c', 'read -r _; sleep 100 & echo $!; wait'], { stdio: ['pipe', 'pipe', 'ignore'] });
  child = made;
  let text = '';
  made.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const fork = async () => {
    made.stdin.write('\n');
    return waitFor('the child', () => Number(text) || undefined);
  };
  return { pid: await waitFor('the shell', () => made.pid), fork };
}

test.skipIf(process.platform !== 'linux')('a program is taken before others, and so is what it starts', async () => {
  const { pid, fork } = await shell();
  offerToTheKernel(pid);
  expect(scoreOf(pid)).toBe(300);
  const below = await fork();
  expect(scoreOf(below)).toBe(300);
  process.kill(below, 'SIGKILL');
});

test.skipIf(process.platform !== 'linux')('one that offers itself more stays so', async () => {
  const { pid } = await shell();
  writeFileSync(`/proc/${pid}/oom_score_adj`, '700');
  offerToTheKernel(pid);
  expect(scoreOf(pid)).toBe(700);
});

test('one that is gone is no mistake', () => {
  expect(() => offerToTheKernel(2 ** 30)).not.toThrow();
});
