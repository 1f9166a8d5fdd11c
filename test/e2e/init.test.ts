import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;
let bin: string;

beforeEach(async () => {
  colony = await TestColony.atHome();
  bin = join(colony.dir, 'bin');
  mkdirSync(bin);
});

afterEach(async () => {
  await tmux('kill-server');
  await colony.end();
});

/** tmux as the person uses it. */
function tmux(...args: string[]): Promise<string> {
  return new Promise((resolve) =>
    execFile('tmux', args, { env: colony.environment }, (_, stdout) => resolve(stdout.trim())),
  );
}

const install = (...programs: string[]) => {
  for (const name of programs) writeFileSync(join(bin, name), '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
};

/** In a PATH that holds tmux and node, and of coding agents those of the test. */
const init = (...args: string[]) => colony.run(['init', ...args], { PATH: `${bin}:/usr/bin:/bin` });

const text = () => readFileSync(colony.file, 'utf8');
const valid = async () => {
  const { code, stderr } = await colony.run(['validate']);
  return `${stderr}${code}`;
};

describe('colony init', () => {
  test('writes what is installed: one agent, and the others as comments', async () => {
    install('codex', 'claude');
    const { code, stdout } = await init('--yes');
    expect(code).toBe(0);
    expect(stdout).toContain('Wrote colony.yaml with 1 agent.');
    expect(text()).toMatch(/^version: 1\nname: work$/m);
    expect(text()).toMatch(/^agents:\n {2}claude:\n {4}command: claude$/m);
    expect(text()).toMatch(/^ {2}# codex:\n {2}# {3}command: codex$/m);
    expect(await valid()).toBe('0');
  });

  test('names a schema that is there', async () => {
    await init('--yes');
    const [, schema = ''] = /^# yaml-language-server: \$schema=(.*)$/m.exec(text()) ?? [];
    expect(JSON.parse(readFileSync(schema, 'utf8'))).toHaveProperty('properties.agents');
  });

  test('writes an example that can be applied where nothing is installed', async () => {
    await init('--yes');
    expect(text()).toContain('  hello:\n');
    expect((await colony.apply()).code).toBe(0);
    await colony.run(['down', '--yes']);
  });

  test('says what belongs into .gitignore, and takes an .env that is there', async () => {
    mkdirSync(join(colony.work, '.git'));
    expect((await init('--yes')).stdout).toContain('echo .env >> .gitignore');
    rmSync(colony.file);
    writeFileSync(join(colony.work, '.gitignore'), 'dist\n.env\n');
    writeFileSync(join(colony.work, '.env'), 'TOKEN=hunter2\n');
    expect((await init('--yes')).stdout).not.toContain('.gitignore');
    expect(text()).toMatch(/^env_file: \[\.env\]$/m);
    expect(text()).not.toContain('hunter2');
    expect(await valid()).toBe('0');
  });

  test('never writes over a file, unless it is told to', async () => {
    writeFileSync(colony.file, 'mine');
    const refused = await init('--yes');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('--force');
    expect(text()).toBe('mine');
    expect((await init('--yes', '--force')).code).toBe(0);
    expect(await valid()).toBe('0');
  });

  test('asks nothing where nobody can answer', async () => {
    const { code, stderr } = await init();
    expect(code).toBe(1);
    expect(stderr).toContain('`colony init --yes`');
    expect(existsSync(colony.file)).toBe(false);
  });

  test('asks on a terminal', async () => {
    install('claude', 'codex');
    const path = `${bin}:/usr/bin:/bin`;
    const words = ['env', `PATH=${path}`, process.execPath, colony.program, 'init'];
    const size = ['-x', '120', '-y', '30'];
    await tmux('new-session', '-d', '-s', 'ask', ...size, '-c', colony.work, '--', ...words);
    const shows = (what: string) =>
      waitFor(what, async () => (await tmux('capture-pane', '-p', '-t', '=ask:')).includes(what));
    await shows('What is the colony called? [work]');
    await tmux('send-keys', '-t', '=ask:', 'My Shop', 'Enter');
    await shows('(claude, codex, none) [claude]');
    await tmux('send-keys', '-t', '=ask:', 'codex', 'Enter');
    await waitFor('the file', () => existsSync(colony.file));
    expect(text()).toMatch(/^name: my-shop$/m);
    expect(text()).toMatch(/^ {2}codex:$/m);
    expect(text()).toMatch(/^ {2}# claude:$/m);
    expect(await valid()).toBe('0');
  });
});

describe('colony init --from-tmux', () => {
  const session = (name: string, folder: string, ...words: string[]) => {
    mkdirSync(folder, { recursive: true });
    return tmux('new-session', '-d', '-s', name, '-c', folder, '-e', 'SECRET_VALUE=hunter2', '--', ...words);
  };

  test('writes an agent for each session, and a comment for a mere shell', async () => {
    install('claude');
    await session('Web Site', join(colony.dir, 'a b'), 'sh', '-c', 'sleep 600; echo "$X, done"');
    await session('agent', colony.work, 'bash', '--norc');
    await tmux('send-keys', '-t', '=agent:', `${join(bin, 'claude')} --resume`, 'Enter');
    await session('idle', colony.work, 'bash', '--norc');
    await session('keys', colony.work, 'sleep', '601');
    // A script is run by its interpreter: its own name stands behind it.
    await waitFor('the program to be there', async () =>
      (await tmux('list-panes', '-a', '-F', '#{session_name} #{pane_current_command}')).includes('agent sleep'),
    );
    const { code, stdout, stderr } = await init('--yes', '--from-tmux');
    expect(`${stderr}${code}`).toBe('0');
    expect(stdout).toContain('with 3 agents');
    expect(stdout).toContain('colony apply --adopt');
    expect(text()).toContain(`  web-site:\n    workdir: ${join(colony.dir, 'a b')}\n    command: [sh, -c, `);
    expect(text()).toContain('$$X, done');
    expect(text()).toContain('  keys:\n');
    expect(text()).toMatch(/^ {2}# idle:$/m);
    expect(text()).not.toContain('hunter2');
    expect(await valid()).toBe('0');
  });

  test('is the first of two steps, after which everything runs on as it did, and once', async () => {
    await session('Web Site', join(colony.dir, 'a b'), 'sleep', '611');
    await session('web.site', colony.work, 'sleep', '612');
    await session('edit', colony.work, 'bash', '--norc');
    await tmux('send-keys', '-t', '=edit:', 'sleep 613', 'Enter');
    await tmux('split-window', '-t', '=edit:', '-d', '--', 'sleep', '614');
    await tmux('new-window', '-t', '=edit:', '-d', '--', 'sleep', '615');
    await waitFor('the program to be there', async () => (await panes()).includes('edit sleep'));
    const before = await panes();
    expect((await init('--yes', '--from-tmux')).code).toBe(0);

    const refused = await colony.run(['apply']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('`colony apply --adopt` takes them in');
    expect(await panes()).toBe(before);

    const adopted = await colony.run(['apply', '--adopt']);
    expect(`${adopted.stderr}${adopted.code}`).toBe('0');
    expect(adopted.stdout).toMatch(/^web-site-2: adopted \(pid \d+\)$/m);
    expect(await panes()).toBe(before);
    expect((await colony.run(['plan'])).code).toBe(0);
    expect((await colony.run(['apply'])).stdout).toBe('Nothing to do.\n');
    await tmux('kill-session', '-t', '=web_site');
    await waitFor('it to be started anew', async () => (await colony.agent('web-site-2'))?.generation === 2);
    await colony.run(['down', '--yes']);
  });

  const panes = () =>
    tmux('list-panes', '-a', '-F', '#{session_name} #{pane_current_command} #{pane_pid}').then((lines) =>
      lines
        .split('\n')
        .filter((line) => !line.startsWith('_colony'))
        .join('\n'),
    );

  test('of a server without sessions nothing is written', async () => {
    const { code, stderr } = await init('--yes', '--from-tmux');
    expect(code).toBe(1);
    expect(stderr).toContain('has no session');
    expect(existsSync(colony.file)).toBe(false);
  });

  test('what belongs to a colony is left out', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    await colony.tmux('new-session', '-d', '-s', 'mine', 'sleep 602');
    const { code } = await init('--yes', '--force', '--from-tmux', `colony-${colony.name}`);
    expect(code).toBe(0);
    expect(text()).toContain('  mine:\n');
    expect(text()).not.toContain('api');
    colony.write({ api: colony.fake() });
  });
});
