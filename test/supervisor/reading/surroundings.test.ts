import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, expect, test, vi } from 'vitest';
import { surroundingsOf } from '../../../src/supervisor/reading/surroundings.ts';
import { waitFor } from '../../rig/wait.ts';

let program: ChildProcess | undefined;

afterEach(() => {
  program?.kill('SIGKILL');
  vi.restoreAllMocks();
});

/** The surroundings of a program that runs with these variables. */
async function startedWith(environment: Readonly<Record<string, string>>) {
  const { pid = 0 } = spawnProgram(environment);
  return waitFor('the surroundings of the program', () => surroundingsOf('r-1', pid));
}

function spawnProgram(environment: Readonly<Record<string, string>>): ChildProcess {
  const env = { PATH: process.env.PATH, COLONY_RUN_ID: 'r-1', HOME: '/home/me', ...environment };
  program = spawn('sleep', ['100000'], { env, stdio: 'ignore' });
  return program;
}

test('what knows of time zones is not loaded before a text has to be understood', async () => {
  const loading = vi.spyOn(Intl, 'DateTimeFormat');
  const { kind, claude, zone } = await startedWith({ COLONY_KIND: 'claude', TZ: 'Europe/Berlin' });
  expect({ kind, claude }).toEqual({ kind: 'claude', claude: '/home/me/.claude' });
  expect(loading).not.toHaveBeenCalled();
  loading.mockRestore();
  expect(zone()).toBe('Europe/Berlin');
});

test('a zone that nobody knows is that of the machine', async () => {
  const { zone } = await startedWith({ COLONY_KIND: 'codex', TZ: 'Mars/Olympus' });
  expect(zone()).toBe(new Intl.DateTimeFormat('en-US').resolvedOptions().timeZone);
});
