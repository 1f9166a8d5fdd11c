import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readTable } from '../../src/processes/table.ts';
import { type AgentYaml, TestColony } from '../rig/colony.ts';
import { KindsHome } from '../rig/fake-kinds.ts';
import { expectSound } from '../rig/invariants.ts';
import { personsTerminal } from '../rig/terminal.ts';
import { isAlive, waitFor } from '../rig/wait.ts';

let colony: TestColony;
const begun: Supervisor[] = [];

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(async () => {
  for (const { child, ended } of begun.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  await colony.end();
});

const sleeper = (more: AgentYaml = {}): AgentYaml => ({ command: ['sleep', '1000'], ...more });

/** Says in the file `words` when it has come up, and when it is asked to end. */
const talker = (last = 'exit 0'): AgentYaml => ({
  command: `trap 'echo asked >> words; ${last}' TERM; echo up >> words; while :; do sleep 0.1; done`,
});

const words = (): string => readFileSync(join(colony.work, 'words'), { encoding: 'utf8', flag: 'a+' });

type Supervisor = {
  readonly child: ChildProcess;
  readonly stderr: () => string;
  readonly ended: Promise<number | NodeJS.Signals | null>;
};

function begin(program: string, args: readonly string[]): Supervisor {
  const child = spawn(program, args, {
    cwd: colony.work,
    env: colony.environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  const supervisor = { child, stderr: () => text, ended };
  begun.push(supervisor);
  return supervisor;
}

const supervise = (...args: string[]): Supervisor => begin(process.execPath, [colony.program, 'supervise', ...args]);

async function allReady(names: readonly string[]): Promise<void> {
  await waitFor(`${names.join(', ')} to be ready`, async () => {
    // Before the first supervisor has come up there is nothing to be asked.
    const { stdout } = await colony.run(['status', '-o', 'json']);
    const { supervisor, agents = [] } = stdout === '' ? {} : JSON.parse(stdout);
    const ready = agents.filter((agent: { phase: string }) => agent.phase === 'ready');
    return supervisor && names.every((name) => ready.some((agent: { name: string }) => agent.name === name));
  });
}

describe('supervise in the foreground', () => {
  test('logs a JSON value a line where no person reads it, and leaves the agents when it is asked to end', async () => {
    colony.write({ a: sleeper(), b: sleeper() });
    const first = supervise();
    await allReady(['a', 'b']);
    const before = await colony.pids();
    await waitFor('the log', () => first.stderr().includes('"type":"started"'));
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    const lines = first
      .stderr()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ type: 'started', agent: 'a', level: 'info' }));
    expect(lines.at(-1)).toMatchObject({ type: 'supervisor_stopped', message: 'supervisor stopped: SIGTERM' });
    for (const line of lines) expect(line.timestamp).toMatch(/^\d{4}-\d\d-\d\dT/);

    supervise();
    await allReady(['a', 'b']);
    expect(await colony.pids()).toEqual(before);
  });

  const asText = /^\d{4}-\S+Z info {2}a: started/m;

  test('logs lines of text where they are asked for', async () => {
    colony.write({ a: sleeper() });
    const { stderr } = supervise('--log', 'text');
    await waitFor('the log', () => asText.test(stderr()));
  });

  test('logs lines of text on a terminal, and Ctrl-C ends it', async () => {
    colony.write({ a: sleeper() });
    const terminal = await personsTerminal(colony, ['supervise']);
    await terminal.shows(asText);
    await terminal.press('C-c');
    await waitFor('the supervisor to have ended', async () => (await colony.status()).supervisor === null);
    await terminal.close();
    expect((await colony.agent('a'))?.pid).toEqual(expect.any(Number));
  });

  test('a file that is wrong is told in words, and by the exit code', async () => {
    colony.write({ a: {} });
    const { ended, stderr } = supervise();
    expect(await ended).toBe(65);
    expect(stderr()).toContain('command');
  });

  test('SIGHUP does nothing', async () => {
    colony.write({ a: sleeper() });
    const { child } = supervise();
    await allReady(['a']);
    child.kill('SIGHUP');
    expect(await colony.supervisorPid()).toBe(child.pid);
    expect(child.exitCode).toBe(null);
  });
});

describe('supervise --stop-agents', () => {
  test('stops them as the file says, and who was not stopped by a person runs again with the next one', async () => {
    colony.write({ a: talker(), stopped: sleeper() });
    const first = supervise('--stop-agents');
    await allReady(['a', 'stopped']);
    await waitFor('a', () => words().includes('up'));
    await colony.run(['stop', 'stopped']);
    const server = Number((await colony.tmux('display-message', '-p', '#{pid}')).stdout);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(words()).toBe('up\nasked\n');
    expect(await isAlive(server)).toBe(false);

    supervise('--stop-agents');
    await allReady(['a']);
    expect(await colony.agent('a')).toMatchObject({ generation: 2, restarts: { window: 0 } });
    expect(await colony.agent('stopped')).toMatchObject({ phase: 'stopped', reason: { code: 'user_requested' } });
    await waitFor('a to be up again', () => words() === 'up\nasked\nup\n');
  });

  test('a second signal kills what does not listen', async () => {
    colony.write({ deaf: { ...talker(':'), stop: { grace: '1h' } } });
    const { child, ended } = supervise('--stop-agents');
    await allReady(['deaf']);
    await waitFor('it to be up', () => words().includes('up'));
    child.kill('SIGINT');
    await waitFor('it to be asked', () => words().includes('asked'));
    // To the very last moment: node itself lets signals kill it while it takes itself down.
    const again = setInterval(() => child.kill('SIGINT'), 1);
    expect(await ended).toBe(0);
    clearInterval(again);
    await expectSound(colony, {});
  });
});

const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'latin1');

/** A process namespace of its own is what makes a container's process 1. */
const unshare = ['--pid', '--mount', '--fork', '--kill-child', '--mount-proc'];
const canUnshare = spawnSync('unshare', [...unshare, 'true']).status === 0;

describe.runIf(canUnshare)('as process 1 of a container', () => {
  const recipe = readFileSync(fileURLToPath(new URL('../../docs/containers.md', import.meta.url)), 'utf8');
  const line = (word: string): string => new RegExp(`^${word} (.*)$`, 'm').exec(recipe)?.[1] ?? '';

  beforeEach(() => {
    const bin = join(colony.dir, 'bin');
    mkdirSync(bin);
    symlinkSync(colony.program, join(bin, 'colony'));
    colony.environment.PATH = `${bin}:${colony.environment.PATH}`;
  });

  const container = (): Supervisor => begin('unshare', [...unshare, ...JSON.parse(line('ENTRYPOINT'))]);

  /** The pid, seen from here, of what is process 1 in there. */
  const first = ({ child }: Supervisor): Promise<number> =>
    waitFor('process 1', () => [...readTable().values()].find(({ ppid }) => ppid === child.pid)?.pid);

  /** As `docker exec` does; the answer is the exit code. */
  const inside = (one: number, command: string): number | null => {
    const argv = ['-t', String(one), '-p', '-m', `--wd=${colony.work}`, 'sh', '-c', command];
    return spawnSync('nsenter', argv, { env: colony.environment }).status;
  };

  test('it reaps what others leave, and can be asked how it is', async () => {
    const orphan = `sh -c 'sleep 0.1; echo gone >> ${join(colony.work, 'words')}'`;
    colony.write({ a: { command: `for i in 1 2 3 4 5; do (${orphan} &); done; exec sleep 1000` }, b: sleeper() });
    const run = container();
    await allReady(['a', 'b']);
    const one = await first(run);
    await waitFor('the orphans to have ended', () => words() === 'gone\n'.repeat(5));
    await waitFor('nothing to be left of them', () => {
      const table = [...readTable().values()];
      return !table.some(({ ppid, zombie }) => ppid === one && zombie);
    });
    expect(inside(one, line('HEALTHCHECK CMD'))).toBe(0);
    expect(inside(one, 'colony status')).toBe(0);
    expect(inside(one, 'colony wait --for=ready --timeout 0')).toBe(0);
    inside(one, 'colony stop b');
    expect(inside(one, 'colony wait b --for=ready --timeout 0')).not.toBe(0);
    expect(inside(one, line('HEALTHCHECK CMD'))).toBe(0);
  });

  test('asked to end, it gives the agents their time; the next container starts them again', async () => {
    colony.write({ a: talker('sleep 1; echo done >> words; exit 0') });
    const run = container();
    await allReady(['a']);
    await waitFor('it to be up', () => words().includes('up'));
    process.kill(await first(run), 'SIGTERM');
    expect(await run.ended).toBe(0);
    expect(words()).toBe('up\nasked\ndone\n');

    const next = container();
    await allReady(['a']);
    expect(await colony.agent('a')).toMatchObject({ generation: 2 });
    await waitFor('it to be up again', () => words().endsWith('done\nup\n'));
    process.kill(await first(next), 'SIGTERM');
    expect(await next.ended).toBe(0);
  });

  test('agents go on in their conversation in the next container', async () => {
    const kinds = KindsHome.of(colony);
    colony.write({ backend: kinds.claude() });
    const run = container();
    await allReady(['backend']);
    const conversation = await waitFor('a conversation', async () => (await colony.agent('backend'))?.conversation);
    process.kill(await first(run), 'SIGTERM');
    expect(await run.ended).toBe(0);

    const next = container();
    await allReady(['backend']);
    expect(await colony.agent('backend')).toMatchObject({ generation: 2, conversation });
    process.kill(await first(next), 'SIGKILL');
    await next.ended;
    container();
    await allReady(['backend']);
    expect(await colony.agent('backend')).toMatchObject({ generation: 3, conversation });
  });

  test('killed, it leaves nothing, and the next container starts all that ran', async () => {
    colony.write({ a: sleeper(), stopped: sleeper() });
    const run = container();
    await allReady(['a', 'stopped']);
    await colony.run(['stop', 'stopped']);
    process.kill(await first(run), 'SIGKILL');
    await run.ended;

    const next = container();
    await allReady(['a']);
    expect(await colony.agent('a')).toMatchObject({ generation: 2, restarts: { window: 0 } });
    expect(await colony.agent('stopped')).toMatchObject({ phase: 'stopped' });
    process.kill(await first(next), 'SIGTERM');
    expect(await next.ended).toBe(0);
    expect(existsSync(colony.paths.socket)).toBe(false);
  });

  test('a second container with the same folder is refused', async () => {
    colony.write({ a: sleeper() });
    const run = container();
    await allReady(['a']);
    const second = container();
    expect(await second.ended).toBe(75);
    expect(second.stderr()).toContain('another supervisor, in another container, holds the colony "lab"');
    const outside = supervise();
    expect(await outside.ended).toBe(75);
    expect(await colony.agent('a')).toMatchObject({ phase: 'ready', generation: 1 });
    process.kill(await first(run), 'SIGTERM');
    expect(await run.ended).toBe(0);
  });

  test('it ends with its supervisor', async () => {
    colony.write({ a: sleeper() });
    const run = container();
    await allReady(['a']);
    const one = await first(run);
    expect(inside(one, line('HEALTHCHECK CMD'))).toBe(0);
    const supervisor = [...readTable().values()].find(
      ({ ppid, pid }) => ppid === one && commandOf(pid).startsWith('node'),
    );
    if (!supervisor) throw new Error('process 1 has no supervisor below it');
    process.kill(supervisor.pid, 'SIGKILL');
    expect(await run.ended).toBe(137);
  });

  test('a start that fails ends it with the same exit code', async () => {
    colony.write({ a: {} });
    const { ended, stderr } = container();
    expect(await ended).toBe(65);
    expect(stderr()).toContain('command');
  });
});
