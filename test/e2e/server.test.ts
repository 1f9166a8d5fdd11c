import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.atHome();
});

afterEach(async () => {
  await colony.end();
});

describe('the colony’s own tmux server', () => {
  test('is the one that tmux -L colony-NAME shows', async () => {
    colony.write({ api: colony.fake() });
    expect((await colony.apply()).code).toBe(0);
    const sessions = await colony.tmux('list-sessions', '-F', '#{session_name}');
    expect(sessions.stdout.trim().split('\n').sort()).toEqual(['_colony', 'api']);
    expect((await colony.status()).tmux.command).toBe('tmux -L colony-lab');
  });

  test('has all files for its owner alone', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const { dir } = colony.paths;
    expect(statSync(dir).mode & 0o077).toBe(0);
    for (const name of readdirSync(dir)) expect([name, statSync(join(dir, name)).mode & 0o077]).toEqual([name, 0]);
  });

  test('shows the agent’s state in its status line, and no secret anywhere', async () => {
    colony.write({ api: colony.fake({ env: { FAKE_SOCKET: colony.agents.socket, TOKEN: 'hunter2' } }) });
    await colony.apply();
    const shown = await colony.tmux('display-message', '-p', '-t', '=api:', '#{T:status-left}');
    expect(shown.stdout).toContain('lab/api ready');
    for (const args of [
      ['show-environment', '-t', '=api:'],
      ['show-environment', '-g'],
      ['show-messages'],
      ['list-panes', '-a', '-F', '#{pane_start_command}'],
    ]) {
      expect((await colony.tmux(...args)).stdout).not.toContain('hunter2');
    }
    const processes = execFileSync('ps', ['-axww', '-o', 'args'], { encoding: 'utf8' });
    expect(processes).not.toContain('hunter2');
  });

  test('takes over a longer history without touching an agent', async () => {
    colony.write({ api: colony.fake(), db: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    colony.write({ api: colony.fake(), db: colony.fake() }, { tmux: { history_limit: 777 } });
    expect((await colony.apply()).code).toBe(0);
    expect(await colony.pids()).toEqual(before);
    expect((await colony.tmux('show-options', '-gv', 'history-limit')).stdout.trim()).toBe('777');
  });

  test('cannot be left for another one while agents run there', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    colony.write({ api: colony.fake() }, { tmux: { socket: 'default' } });
    const refused = await colony.apply();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('tmux.socket');
    expect(refused.stderr).toContain('colony down');
    expect(await colony.pids()).toEqual(before);
  });
});

describe('the user’s own tmux server', () => {
  const own = (...args: string[]) => execFileSync('tmux', args, { env: colony.environment, encoding: 'utf8' });

  afterEach(() => {
    own('kill-server');
  });

  test('is used as a guest does', async () => {
    own('-f', '/dev/null', 'new-session', '-d', '-s', 'mine', 'sleep 1000');
    const options = own('show-options', '-g');
    const hooks = own('show-hooks', '-g');
    colony.write({ api: colony.fake({ restart: { backoff: { initial: '0s' } } }) }, { tmux: { socket: 'default' } });
    expect((await colony.apply()).code).toBe(0);
    const names = () => own('list-sessions', '-F', '#{session_name}').trim().split('\n').sort();
    expect(names()).toEqual(['_colony-lab', 'lab-api', 'mine']);
    process.kill((await colony.agents.alive('api')).pid, 'SIGKILL');
    await colony.agents.alive('api', 2);
    expect(own('show-options', '-g')).toBe(options);
    expect(own('show-hooks', '-g')).toBe(hooks);
    expect((await colony.run(['down', '--yes'])).code).toBe(0);
    expect(names()).toEqual(['mine']);
  });

  test('has variables of its own, which an agent may unset as well', async () => {
    own('-f', '/dev/null', 'new-session', '-d', '-s', 'mine', 'sleep 1000');
    own('set-environment', '-g', 'PROXY', 'http://proxy');
    colony.write({ api: colony.fake({ env: { PROXY: null } }), db: colony.fake() }, { tmux: { socket: 'default' } });
    expect((await colony.apply()).code).toBe(0);
    const has = async (agent: string) => (await (await colony.agents.alive(agent)).ask({ do: 'env' }, 'env')).env;
    expect(await has('api')).not.toHaveProperty('PROXY');
    expect(await has('db')).toMatchObject({ PROXY: 'http://proxy' });
    expect((await colony.run(['down', '--yes'])).code).toBe(0);
  });
});

describe('a colony of the same name in another folder', () => {
  test('is refused, and the first one is named', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    const other = join(colony.dir, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'colony.yaml'), 'version: 1\nname: lab\nagents: {web: {command: sleep 1000}}\n');
    for (const command of [['apply'], ['plan'], ['status'], ['down', '--yes'], ['stop', 'api']]) {
      const refused = await colony.run([...command, '-f', join(other, 'colony.yaml')]);
      expect([command, refused.code]).toEqual([command, 75]);
      expect(refused.stderr).toContain(colony.file);
    }
    expect(await colony.pids()).toEqual(before);
    await colony.run(['down', '--supervisor-only']);
    const refused = await colony.run(['apply', '-f', join(other, 'colony.yaml')]);
    expect(refused.code).toBe(75);
    expect(await colony.pids()).toEqual(before);
  });
});
