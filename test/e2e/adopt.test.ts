import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import { fakeAgent } from '../rig/fake-agents.ts';
import { FAKE_CLAUDE, KindsHome } from '../rig/fake-kinds.ts';
import { isAlive, waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.atHome();
});

afterEach(async () => {
  await onUsersServer('kill-server');
  await colony.end();
});

/** tmux as the person uses it, without saying which server. */
function onUsersServer(...args: string[]): Promise<string> {
  const env = { ...colony.environment, TMUX: undefined };
  return new Promise((resolve) => execFile('tmux', args, { env }, (_, stdout) => resolve(stdout.trim())));
}

const own = async (...args: string[]) => (await colony.tmux(...args)).stdout.trim();

/** A session with a fake agent in it that a person has made by hand. */
async function byHand(tmux: (...args: string[]) => Promise<string>, session: string) {
  const env = ['-e', `FAKE_SOCKET=${colony.agents.socket}`, '-e', `COLONY_AGENT=${session}`];
  await tmux('new-session', '-d', '-s', session, '-c', colony.work, ...env, '--', ...fakeAgent());
  return colony.agents.alive(session, 0);
}

const stanzaFor = (more = {}) => colony.fake({ workdir: colony.work, ...more });

describe('a session on the colony’s own server', () => {
  test('is adopted as it runs, looked after, and ended with its tree', async () => {
    colony.write({ db: colony.fake() });
    expect((await colony.apply()).code).toBe(0);
    const life = await byHand(own, 'mine');

    const first = await colony.run(['adopt', 'mine', '--as', 'scratch']);
    expect(first.code).toBe(2);
    expect(first.stdout).toContain('  scratch:\n    workdir: ');
    expect(first.stderr).toContain('`colony adopt mine --as scratch`');

    colony.write({ db: colony.fake(), scratch: stanzaFor({ memory: '4GiB' }) });
    await colony.apply('--no-wait');
    expect((await colony.agent('scratch'))?.pid).toBe(null);
    const adopted = await colony.run(['adopt', 'mine', '--as', 'scratch']);
    expect(`${adopted.stderr}${adopted.code}`).toBe('0');
    const agent = await waitFor('it to be ready and measured', async () => {
      const seen = await colony.agent('scratch');
      return seen?.phase === 'ready' && seen.memory_bytes !== null ? seen : undefined;
    });
    expect(agent.pid).toBe(life.pid);
    expect(agent.memory_bytes).toBeGreaterThan(1_000_000);
    expect(agent.session?.name).toBe('mine');
    expect((await colony.run(['plan'])).code).toBe(0);

    const child = Number((await life.ask({ do: 'fork' }, 'forked')).pid);
    await colony.killSupervisor();
    await colony.apply();
    expect((await colony.agent('scratch'))?.pid).toBe(life.pid);

    expect((await colony.run(['stop', 'scratch'])).code).toBe(0);
    expect(await isAlive(life.pid)).toBe(false);
    expect(await isAlive(child)).toBe(false);
    expect((await colony.agent('scratch'))?.phase).toBe('stopped');

    expect((await colony.run(['start', 'scratch'])).code).toBe(0);
    const next = await colony.agents.alive('scratch', 2);
    expect(next.run).toMatch(/^scratch-/);
    const names = (await own('list-sessions', '-F', '#{session_name}')).split('\n').sort();
    expect(names).toEqual(['_colony', 'db', 'mine']);
  });

  test('is adopted by --write at once, where a saved file is put in force by itself', async () => {
    // As a person writes it: in lines, and not in braces.
    writeFileSync(colony.file, `version: 1\nname: ${colony.name}\nagents:\n  db:\n    command: sleep 1000\n`);
    await colony.apply();
    await byHand(own, 'mine');
    const before = await own('list-panes', '-t', 'mine', '-F', '#{pane_pid}');
    expect(await colony.run(['adopt', 'mine', '--write'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"mine" is the agent "mine"'),
    });
    expect(await colony.agent('mine')).toMatchObject({ generation: 1, pid: Number(before) });
  });

  test('has its stanza put into the file by --write, and the rest of the file stays as it is', async () => {
    const text = `version: 1  # one\nname: ${colony.name}\nreload: manual\n\nagents:\n    db:   # slow\n        command: sleep 1000\n    # api: later\n`;
    writeFileSync(colony.file, text);
    await colony.apply();
    await byHand(own, 'mine');
    const adopt = (...args: string[]) => colony.run(['adopt', 'mine', '--as', 'scratch', ...args]);
    expect(await adopt('--write')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('colony adopt mine --as'),
    });
    const written = readFileSync(colony.file, 'utf8');
    expect(written.startsWith(`${text}    scratch:\n      workdir: `)).toBe(true);

    // It is in the file by now, though not in force.
    expect(await adopt('--write')).toMatchObject({ code: 1, stderr: expect.stringContaining('already') });
    expect(readFileSync(colony.file, 'utf8')).toBe(written);
    expect((await colony.run(['apply', '--no-wait'])).code).toBe(0);
    expect((await adopt('--write')).code).toBe(0);
    expect((await colony.agent('scratch'))?.generation).toBe(1);

    const wrong = `${written}    - broken\n`;
    writeFileSync(colony.file, wrong);
    await byHand(own, 'other');
    expect((await colony.run(['adopt', 'other', '--write'])).code).toBe(65);
    expect(readFileSync(colony.file, 'utf8')).toBe(wrong);
    expect(readdirSync(colony.work)).toEqual(['colony.yaml']);
  });

  test('comes back when it crashes, and what it left behind goes', async () => {
    colony.write({ scratch: stanzaFor() });
    await colony.apply();
    await colony.run(['stop', 'scratch']);
    const life = await byHand(own, 'by-hand');
    expect((await colony.run(['adopt', 'by-hand', '--as', 'scratch'])).code).toBe(0);
    const child = Number((await life.ask({ do: 'fork', deaf: true }, 'forked')).pid);
    await waitFor('its processes to be looked at', async () => {
      const seen = await colony.agent('scratch');
      return (seen?.processes ?? 0) >= 2;
    });
    process.kill(life.pid, 'SIGKILL');
    await colony.agents.alive('scratch', 3);
    await waitFor('what it left behind to be gone', async () => !(await isAlive(child)));
    expect((await own('list-sessions', '-F', '#{session_name}')).split('\n').sort()).toEqual(['_colony', 'by-hand']);
  });

  test('what cannot be adopted is refused, and named', async () => {
    colony.write({ api: colony.fake(), off: { ...colony.fake(), enabled: false } });
    await colony.apply();
    await byHand(own, 'scratch');
    const refusal = async (...args: string[]) => {
      const { code, stderr } = await colony.run(['adopt', ...args]);
      return `${code} ${stderr}`;
    };
    expect(await refusal('nobody')).toMatch(/^4 colony: there is no session "nobody".* It has: scratch\./);
    expect(await refusal('api')).toMatch(/^1 colony: "api" is the agent "api" of this colony already/);
    expect(await refusal('_colony')).toMatch(/^1 colony: "_colony" is a session that a colony has made for itself/);
    expect(await refusal('scratch', '--as', 'api')).toMatch(/^1 colony: the agent "api" runs already/);
    expect(await refusal('scratch', '--as', 'off')).toMatch(/^1 colony: the agent "off" is disabled/);
    expect(await refusal('scratch', '--as', 'No Name')).toMatch(/^1 colony: "No Name" is no name for an agent/);
    await own('new-session', '-d', '-s', 'inner', '-e', 'COLONY_RUN_ID=api-1', '--', 'sleep', '600');
    expect(await refusal('inner')).toMatch(/^1 colony: "inner" was begun by an agent/);
  });

  test('the conversation of a coding agent is found, so that a restart goes on with it', async () => {
    const home = KindsHome.of(colony);
    colony.write({ api: home.claude({ workdir: colony.work }) });
    await colony.apply();
    await colony.run(['stop', 'api']);
    const id = '0a1b2c3d-1111-4222-8333-444455556666';
    const command = [...FAKE_CLAUDE, '--session-id', id].join(' ');
    // As a person does it: a shell, and the program in it.
    const folder = ['-c', colony.work, '-e', `HOME=${home.home}`];
    await own('new-session', '-d', '-s', 'mine', ...folder, '--', 'bash', '--norc');
    await own('send-keys', '-t', '=mine:', command, 'Enter');
    await waitFor('its record', () => home.claudeRecords().some(({ sessionId }) => sessionId === id));
    expect((await colony.run(['adopt', 'mine', '--as', 'api'])).code).toBe(0);
    await waitFor('its conversation', async () => (await colony.agent('api'))?.conversation === id);
    expect((await colony.agent('api'))?.activity.source).toBe('record');
  });
});

describe('a session of the user’s own server', () => {
  test('is adopted where the colony uses that server, under the name it has', async () => {
    colony.write({ db: colony.fake() }, { tmux: { socket: 'default' } });
    expect((await colony.apply()).code).toBe(0);
    const life = await byHand(onUsersServer, 'scratch');
    colony.write({ db: colony.fake(), scratch: stanzaFor() }, { tmux: { socket: 'default' } });
    expect((await colony.run(['adopt', 'scratch'])).code).toBe(2);
    await colony.apply('--no-wait');
    expect((await colony.run(['adopt', 'scratch'])).code).toBe(0);
    expect((await colony.agent('scratch'))?.pid).toBe(life.pid);
    process.kill(life.pid, 'SIGKILL');
    await colony.agents.alive('scratch', 2);
    expect((await onUsersServer('list-sessions', '-F', '#{session_name}')).split('\n')).toContain('scratch');
    await colony.run(['down', '--yes']);
  });

  test('cannot be moved to the colony’s server, and its stanza is printed', async () => {
    colony.write({ db: colony.fake() });
    await colony.apply();
    mkdirSync(join(colony.dir, 'a b'));
    await onUsersServer('new-session', '-d', '-s', 'work', '-c', join(colony.dir, 'a b'), '--', 'sleep', '600');
    const { code, stderr } = await colony.run(['adopt', 'work']);
    expect(code).toBe(1);
    expect(stderr).toContain('cannot be moved to another one while it lives');
    expect(stderr).toContain(`  work:\n    workdir: ${join(colony.dir, 'a b')}\n    command: sleep 600\n`);
  });
});
