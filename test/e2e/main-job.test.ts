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

const restartNow = { policy: 'always', backoff: { initial: '0s' } };

describe('apply', () => {
  test('brings up what the file says, and a second one does nothing', async () => {
    colony.write({ api: colony.fake(), db: colony.fake() });
    const first = await colony.apply();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('2 to add');
    const before = await colony.pids();
    expect(Object.keys(before).sort()).toEqual(['api', 'db']);
    const sessions = await colony.tmux('list-sessions', '-F', '#{session_name}');
    expect(sessions.stdout.trim().split('\n').sort()).toEqual(['_colony', 'api', 'db']);

    const second = await colony.apply();
    expect(second.code).toBe(0);
    expect(second.stdout).toContain('Nothing to do');
    expect(await colony.pids()).toEqual(before);
  });

  test('restarts the one agent whose command changed, in the same pane', async () => {
    colony.write({ api: colony.fake(), db: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    const pane = await colony.tmux('list-panes', '-t', 'api', '-F', '#{pane_id}');
    colony.write({ api: colony.fake({}, '--changed'), db: colony.fake() });

    const plan = await colony.run(['plan']);
    expect(plan.code).toBe(2);
    expect(plan.stdout).toContain('-/+ api');
    expect(plan.stdout).toContain('--changed');
    expect((await colony.apply()).code).toBe(0);

    const after = await colony.pids();
    expect(after.db).toBe(before.db);
    expect(after.api).not.toBe(before.api);
    expect((await colony.tmux('list-panes', '-t', 'api', '-F', '#{pane_id}')).stdout).toBe(pane.stdout);
    expect((await colony.agents.alive('api', 2)).generation).toBe(2);
  });

  test('restarts nothing for a label or a description', async () => {
    colony.write({ api: colony.fake({ labels: { team: 'core' } }), db: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    colony.write({ api: colony.fake({ labels: { team: 'edge' }, description: 'new words' }), db: colony.fake() });
    const plan = await colony.run(['plan']);
    expect(plan.stdout).toContain('~ api');
    const applied = await colony.apply();
    expect(applied.code).toBe(0);
    expect(await colony.pids()).toEqual(before);
    expect((await colony.agent('api'))?.labels).toEqual({ team: 'edge' });
    expect((await colony.apply()).stdout).toContain('Nothing to do');
  });

  test('stops a removed agent with all of its children, and starts an added one', async () => {
    colony.write({ api: colony.fake(), db: colony.fake() });
    await colony.apply();
    const api = await colony.agents.alive('api');
    const child = Number((await api.ask({ do: 'fork' }, 'forked')).pid);
    const escaped = Number((await api.ask({ do: 'fork', away: true, deaf: true }, 'forked')).pid);
    const frozen = Number((await api.ask({ do: 'fork', away: true, stopped: true }, 'forked')).pid);
    expect(await Promise.all([child, escaped, frozen].map(isAlive))).toEqual([true, true, true]);
    const before = await colony.pids();

    colony.write({ db: colony.fake(), web: colony.fake() });
    const applied = await colony.apply();
    expect(applied.code).toBe(0);
    expect(applied.stdout).toContain('1 to add');
    expect(applied.stdout).toContain('1 to remove');
    expect(await Promise.all([api.pid, child, escaped, frozen].map(isAlive))).toEqual([false, false, false, false]);
    const after = await colony.pids();
    expect(Object.keys(after).sort()).toEqual(['db', 'web']);
    expect(after.db).toBe(before.db);
  });

  test('kills an agent that ignores SIGTERM when its grace is over', async () => {
    colony.write({ api: colony.fake({ stop: { grace: '300ms' } }), db: colony.fake() });
    await colony.apply();
    const api = await colony.agents.alive('api');
    await api.ask({ do: 'ignore', signals: ['SIGTERM', 'SIGHUP'] }, 'ignoring');
    colony.write({ db: colony.fake() });
    expect((await colony.apply()).code).toBe(0);
    expect(api.reports.some(({ event, signal }) => event === 'ignored' && signal === 'SIGTERM')).toBe(true);
    expect(await isAlive(api.pid)).toBe(false);
  });

  test('asks before it takes away more than half of what runs', async () => {
    colony.write({ a: colony.fake(), b: colony.fake(), c: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    colony.write({ a: colony.fake() });
    const refused = await colony.apply();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('--yes');
    expect(await colony.pids()).toEqual(before);
    expect((await colony.apply('--yes')).code).toBe(0);
    expect(await colony.pids()).toEqual({ a: before.a });
  });

  test('--target takes over the named agents alone', async () => {
    colony.write({ a: colony.fake(), b: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    colony.write({ a: colony.fake({}, '--new'), b: colony.fake({}, '--new') });
    expect((await colony.apply('--target', 'a')).code).toBe(0);
    const after = await colony.pids();
    expect(after.a).not.toBe(before.a);
    expect(after.b).toBe(before.b);
    expect((await colony.apply('--target', 'nobody')).code).toBe(4);
  });

  test('a crashed agent comes back in the same pane', async () => {
    colony.write({ api: colony.fake({ restart: restartNow }) });
    await colony.apply();
    const first = await colony.agents.alive('api');
    process.kill(first.pid, 'SIGKILL');
    const second = await colony.agents.alive('api', 2);
    expect(second.generation).toBe(2);
    const status = await waitFor('api to be ready', async () => {
      const agent = await colony.agent('api');
      return agent?.phase === 'ready' ? agent : undefined;
    });
    expect(status).toMatchObject({ pid: second.pid, generation: 2, restarts: { total: 1 } });
    expect(status.last_exit).toMatchObject({ signal: 9 });
  });

  test('says which command was not found, and starts it once it is there', async () => {
    colony.write({ api: { command: ['no-such-program', 'x'] } });
    const applied = await colony.apply();
    expect(applied.code).toBe(3);
    expect(applied.stdout + applied.stderr).toContain('command not found: no-such-program');
    expect(await colony.agent('api')).toMatchObject({ phase: 'held', reason: { code: 'command_not_found' } });
  });

  test('gives a child its identity and environment, and nothing of the asking shell', async () => {
    colony.write({
      api: colony.fake({ env: { TOKEN: 'hunter2', FAKE_SOCKET: colony.agents.socket }, metadata: { task: 'T-17' } }),
    });
    await colony.run(['apply'], { CLAUDECODE: '1', TMUX: '/tmp/x,1,0', AMBIENT: 'yes' });
    const api = await colony.agents.alive('api');
    const { env, cwd } = (await api.ask({ do: 'env' }, 'env')) as unknown as {
      env: Record<string, string>;
      cwd: string;
    };
    expect(env).toMatchObject({
      TOKEN: 'hunter2',
      AMBIENT: 'yes',
      COLONY_AGENT: 'api',
      COLONY_NAME: 'lab',
      COLONY_GENERATION: '1',
      COLONY_METADATA: '{"task":"T-17"}',
    });
    expect(env.CLAUDECODE).toBeUndefined();
    expect(env.TMUX).not.toBe('/tmp/x,1,0');
    expect(cwd).toBe(colony.work);
    const everything = JSON.stringify([await colony.status(), colony.journal()]);
    expect(everything).not.toContain('hunter2');
  });
});

describe('the supervisor', () => {
  test('may be killed: the next apply adopts everything and doubles nothing', async () => {
    colony.write({ api: colony.fake(), db: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    await colony.killSupervisor();
    expect(Object.values(await colony.pids()).sort()).toEqual(Object.values(before).sort());
    const applied = await colony.apply();
    expect(applied.code).toBe(0);
    expect(applied.stdout).toContain('Nothing to do');
    expect(await colony.pids()).toEqual(before);
    const sessions = await colony.tmux('list-sessions', '-F', '#{session_name}');
    expect(sessions.stdout.trim().split('\n').sort()).toEqual(['_colony', 'api', 'db']);
  });

  test('knows what it started also when its files are lost', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    await colony.killSupervisor();
    const { rmSync } = await import('node:fs');
    for (const file of [colony.paths.journal, colony.paths.ledger, colony.paths.desired]) rmSync(file, { force: true });
    expect((await colony.apply()).code).toBe(0);
    expect(await colony.pids()).toEqual(before);
    expect((await colony.apply()).stdout).toContain('Nothing to do');
  });

  test('two at once: one holds the colony, the other says who', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const pid = await colony.supervisorPid();
    const second = await colony.run(['supervise']);
    expect(second.code).toBe(75);
    expect(second.stderr).toContain(`pid ${pid}`);
  });

  test('two applies at the same moment start one supervisor', async () => {
    colony.write({ api: colony.fake(), db: colony.fake() });
    const both = await Promise.all([colony.apply(), colony.apply()]);
    expect(both.map(({ code }) => code).filter((code) => code === 0).length).toBeGreaterThan(0);
    for (const { code } of both) expect([0, 75]).toContain(code);
    expect(Object.keys(await colony.pids()).sort()).toEqual(['api', 'db']);
    expect(colony.agents.lives.length).toBe(2);
  });

  test('leaves the agents running when it is told to end', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    expect((await colony.run(['down', '--supervisor-only'])).code).toBe(0);
    const status = await colony.status();
    expect(status.supervisor).toBeNull();
    expect(await colony.pids()).toEqual(before);
    const down = await colony.run(['down', '--yes']);
    expect(down.code).toBe(0);
    await waitFor('the agent to be gone', async () => !(await isAlive(before.api ?? 0)));
    expect((await colony.tmux('list-sessions')).stderr).toMatch(/no server running|error connecting/);
  });
});

describe('down', () => {
  test('ends every agent, its children, the tmux server and the supervisor', async () => {
    colony.write({ api: colony.fake(), db: colony.fake({ depends_on: ['api'] }) });
    await colony.apply();
    const api = await colony.agents.alive('api');
    const escaped = Number((await api.ask({ do: 'fork', away: true, deaf: true }, 'forked')).pid);
    const supervisor = await colony.supervisorPid();
    const pids = Object.values(await colony.pids());
    expect((await colony.run(['down', '--yes'])).code).toBe(0);
    for (const pid of [...pids, escaped]) expect(await isAlive(pid)).toBe(false);
    await waitFor('the supervisor to end', async () => !(await isAlive(supervisor)));
    expect((await colony.run(['down', '--yes'])).code).toBe(0);
    expect((await colony.apply()).code).toBe(0);
    expect(Object.keys(await colony.pids()).sort()).toEqual(['api', 'db']);
  });
});

describe('other people’s sessions', () => {
  test('one with an agent’s name is left alone and named', async () => {
    colony.write({ db: colony.fake() });
    await colony.apply();
    await colony.tmux('new-session', '-d', '-s', 'api', 'sleep 1000');
    const before = await colony.tmux('list-panes', '-t', 'api', '-F', '#{pane_pid}');
    colony.write({ db: colony.fake(), api: colony.fake() });
    const applied = await colony.apply();
    expect(applied.code).toBe(3);
    expect(applied.stdout + applied.stderr).toMatch(/session named "api".*not colony's/);
    expect((await colony.tmux('list-panes', '-t', 'api', '-F', '#{pane_pid}')).stdout).toBe(before.stdout);
    await colony.tmux('kill-session', '-t', '=api');
    await colony.agents.alive('api');
  });

  test('they outlive a down', async () => {
    colony.write({ db: colony.fake() });
    await colony.apply();
    await colony.tmux('new-session', '-d', '-s', 'mine', 'sleep 1000');
    expect((await colony.run(['down', '--yes'])).code).toBe(0);
    const sessions = await colony.tmux('list-sessions', '-F', '#{session_name}');
    expect(sessions.stdout.trim()).toBe('mine');
  });

  test('a session of ours that was renamed is still found', async () => {
    colony.write({ api: colony.fake(), db: colony.fake() });
    await colony.apply();
    const before = await colony.pids();
    await colony.tmux('rename-session', '-t', '=api', 'something-else');
    expect((await colony.apply()).stdout).toContain('Nothing to do');
    expect(await colony.pids()).toEqual(before);
  });
});

describe('looking', () => {
  test('logs shows the screen, and with --previous that of the last life', async () => {
    colony.write({ api: colony.fake({ restart: restartNow }) });
    await colony.apply();
    const first = await colony.agents.alive('api');
    first.tell({ do: 'say', text: 'words of the first life' });
    await waitFor('the words on the screen', async () =>
      (await colony.run(['logs', 'api'])).stdout.includes('first life'),
    );
    first.tell({ do: 'exit', code: 3 });
    const second = await colony.agents.alive('api', 2);
    second.tell({ do: 'say', text: 'words of the second life' });
    await waitFor('the new words', async () => (await colony.run(['logs', 'api'])).stdout.includes('second life'));
    const previous = await colony.run(['logs', 'api', '--previous']);
    expect(previous.stdout).toContain('words of the first life');
    expect(previous.stdout).not.toContain('second life');
    expect((await colony.agent('api'))?.last_exit).toMatchObject({ code: 3 });
    expect((await colony.run(['logs', 'apj'])).code).toBe(4);
  });

  test('attach shows a live program, and detaching leaves it', async () => {
    colony.write({ api: colony.fake() });
    await colony.apply();
    const program = `${process.execPath} ${process.cwd()}/dist/colony.cjs attach api -f ${colony.file}`;
    await colony.tmux(
      'new-session',
      '-d',
      '-s',
      'terminal',
      '-x',
      '120',
      '-y',
      '40',
      `env -u TMUX -u TMUX_PANE COLONY_HOME=${colony.dir}/state ${program}`,
    );
    await waitFor('the program on the screen', async () =>
      (await colony.tmux('capture-pane', '-p', '-t', '=terminal:')).stdout.includes('fake agent ready'),
    );
    expect((await colony.agent('api'))?.session).toMatchObject({ attached: true });
    await colony.tmux('kill-session', '-t', '=terminal');
    expect(await colony.agent('api')).toMatchObject({ phase: 'ready' });
  });
});
