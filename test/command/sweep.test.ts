import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { removeFolder } from '../rig/remove.ts';
import { isAlive, waitFor } from '../rig/wait.ts';

const src = fileURLToPath(new URL('../../src/command', import.meta.url));
let dir: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'colony-sweep-'));
  // Each test is a process of its own, as far as commands go.
  vi.resetModules();
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  removeFolder(dir);
});

const modules = async () => {
  const { runCommand } = await import('../../src/command/run.ts');
  const { serve } = await import('../../src/command/register.ts');
  const { sweepCommands, endCommands } = await import('../../src/command/sweep.ts');
  const run = (line: string) =>
    runCommand({
      argv: ['/bin/sh', '-c', line],
      cwd: dir,
      env: { PATH: process.env.PATH ?? '' },
      timeout: 20_000,
      outputLimit: 100,
    });
  return { run, serve, sweepCommands, endCommands };
};

/** Another process runs a command of this folder's colony, and is killed while it does; the answer is the command's pid. */
async function orphan(folder: string): Promise<number> {
  const program = join(dir, 'program.ts');
  writeFileSync(
    program,
    `import { runCommand } from '${src}/run.ts'; import { serve } from '${src}/register.ts'; serve('${folder}');
void runCommand({ argv: ['/bin/sh', '-c', 'echo $$ >&2; exec sleep 600'], cwd: '/', env: {}, timeout: 1e6, outputLimit: 9 });
process.stdout.write('begun\\n'); setInterval(() => {}, 1e6);`,
  );
  const { build } = await import('esbuild');
  const outfile = join(dir, 'program.mjs');
  await build({ entryPoints: [program], bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'error' });
  const child = spawn(process.execPath, [outfile], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  const { readTable } = await import('../../src/processes/table.ts');
  const pid = await waitFor('the command', () => [...readTable().values()].find((p) => p.ppid === child.pid)?.pid);
  child.kill('SIGKILL');
  return pid;
}

test("what a killed process left of its colony's commands is swept, and nobody else's", async () => {
  const [ours, theirs] = [await orphan('/colonies/shop'), await orphan('/colonies/other')];
  const { run, serve, sweepCommands } = await modules();
  serve('/colonies/shop');
  const running = run('sleep 1; echo whole');
  await sweepCommands();
  expect(await isAlive(ours)).toBe(false);
  expect(await isAlive(theirs)).toBe(true);
  expect(await running).toMatchObject({ is: 'exited', output: 'whole\n' });
  serve('/colonies/other');
  await sweepCommands();
  expect(await isAlive(theirs)).toBe(false);
});

test('at its own end a process ends its commands, and what has escaped from them', async () => {
  const { run, endCommands } = await modules();
  const [slow, away] = [run('sleep 600'), run('setsid sh -c "echo $$ > /dev/null; exec sleep 611" & echo gone')];
  expect(await away).toMatchObject({ is: 'exited', output: 'gone\n' });
  await endCommands();
  expect(await slow).toEqual({ is: 'aborted' });
  expect(await run('true')).toEqual({ is: 'aborted' });
  const { execFileSync } = await import('node:child_process');
  expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain('sleep 611');
});
