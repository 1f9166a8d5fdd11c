import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import { isAlive, waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(async () => {
  await colony.end();
});

/** A program called tmux that comes first in PATH. */
function fakeTmux(script: string): NodeJS.ProcessEnv {
  const folder = join(colony.dir, 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'tmux'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'tmux'), 0o755);
  return { PATH: `${folder}:${process.env.PATH}` };
}

const FAKES = [
  ['hangs', 'exec sleep 600'],
  ['fails', 'echo "lost my mind" >&2; exit 1'],
  [
    'answers half',
    '[ "$1" = -V ] && echo "tmux 3.3a" && exit; printf "%%begin 1 1 0\\n%%end 1 1 0\\n%%begin 2 2 1\\nhalf a li"; exec sleep 600',
  ],
] as const;

describe('a tmux that', () => {
  test.each(FAKES)('%s leads to no action', async (_name, script) => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    await colony.killSupervisor();
    // The environment that was captured first is the one in force, so the fake has to be in there to be met.
    writeFileSync(colony.paths.environment, JSON.stringify({ ...colony.environment, ...fakeTmux(script) }));
    colony.write({ api: colony.fake({}, '--changed'), db: colony.fake() });
    const applied = await colony.apply('--yes');
    expect(applied.code).toBe(69);
    expect(applied.stderr).toContain('tmux');
    expect(await isAlive(before.api ?? 0)).toBe(true);
    expect(colony.agents.lives.length).toBe(1);
    writeFileSync(colony.paths.environment, JSON.stringify(colony.environment));
  });

  test('is stopped under a running supervisor leads to unknown, and to nothing else', async () => {
    colony.write({ api: colony.fake(), db: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    const server = Number((await colony.tmux('display-message', '-p', '#{pid}')).stdout);
    process.kill(server, 'SIGSTOP');
    try {
      await waitFor('the world to be unknown', async () => (await colony.agent('api'))?.phase === 'unknown');
      const applied = await colony.apply();
      expect(applied.code).toBe(69);
    } finally {
      process.kill(server, 'SIGCONT');
    }
    await waitFor('the world to be known', async () => (await colony.agent('api'))?.phase === 'ready');
    expect(await colony.pids()).toEqual(before);
    expect(colony.agents.lives.length).toBe(2);
  });

  test('is missing is said, with how to get it', async () => {
    colony.write({ api: colony.fake() });
    const applied = await colony.run(['apply'], { PATH: join(colony.dir, 'empty') });
    expect(applied.code).toBe(69);
    expect(applied.stderr).toMatch(/tmux.*(not found|missing|install)/is);
  });
});

describe('a tmux server that', () => {
  test('dies takes its agents with it, and they come back', async () => {
    colony.write({ api: colony.fake(), db: colony.fake() });
    await colony.apply();
    const stubborn = await colony.agents.alive('api');
    await stubborn.ask({ do: 'ignore', signals: ['SIGHUP', 'SIGTERM'] }, 'ignoring');
    const server = Number((await colony.tmux('display-message', '-p', '#{pid}')).stdout);
    process.kill(server, 'SIGKILL');
    await colony.agents.alive('api', 2);
    await colony.agents.alive('db', 2);
    expect(await isAlive(stubborn.pid)).toBe(false);
    const types = colony.journal().map(({ type }) => type);
    expect(types.filter((type) => type === 'server_lost')).toHaveLength(1);
    expect(types).not.toContain('exited');
  });

  test('was talking to a supervisor when that was killed still ends', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const supervisor = await colony.supervisorPid();
    const server = Number((await colony.tmux('display-message', '-p', '#{pid}')).stdout);
    await colony.tmux('new-session', '-d', '-s', 'one', 'sleep 1000');
    // More news than the connection holds, for a supervisor that does not listen.
    const news = Array.from({ length: 4_000 }, () => 'rename-session -t =one two\nrename-session -t =two one\n');
    const file = join(colony.dir, 'news.tmux');
    writeFileSync(file, news.join(''));
    process.kill(supervisor, 'SIGSTOP');
    await colony.tmux('source-file', file);
    process.kill(supervisor, 'SIGKILL');
    await waitFor('the supervisor to be gone', async () => !(await isAlive(supervisor)));
    await colony.tmux('kill-session', '-t', '=one');
    expect((await colony.tmux('list-sessions', '-F', '#{session_name}')).stdout.trim().split('\n').sort()).toEqual([
      '_colony',
      'api',
    ]);
    expect((await colony.apply()).stdout).toContain('Nothing to do');
    expect((await colony.run(['down', '--yes'])).code).toBe(0);
    await waitFor('the server to be gone', async () => !(await isAlive(server)));
  });

  test('has lost its socket is found again, and no second one is started', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    await colony.killSupervisor();
    const { rmSync } = await import('node:fs');
    rmSync(colony.paths.tmuxSocket);
    const applied = await colony.apply();
    expect(applied.code).toBe(0);
    expect(await colony.pids()).toEqual(before);
    expect(colony.agents.lives.length).toBe(1);
  });
});
