import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { call } from '../../src/control/client.ts';
import { colonyPaths } from '../../src/control/paths.ts';
import type { AgentStatus, StatusReport, Version } from '../../src/control/protocol.ts';
import type { Entry } from '../../src/reconciler/types.ts';
import { FakeAgents, fakeAgent } from './fake-agents.ts';
import { removeFolder } from './remove.ts';
import { isAlive, waitFor } from './wait.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/colony.cjs', import.meta.url));

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** One agent of a colony.yaml; JSON is YAML, so no library is needed to write it. */
export type AgentYaml = Readonly<Record<string, unknown>>;

/**
 * A whole colony for one test: its own folder, HOME, COLONY_HOME and tmux server, the built program, and fake agents.
 *
 * `end` ends everything that was started here, by the files and the server of this very colony.
 */
export class TestColony {
  readonly dir: string;
  readonly work: string;
  readonly name: string;
  readonly agents: FakeAgents;
  /** The program that is run; a test may switch to another build of it. */
  program = PROGRAM;
  readonly environment: NodeJS.ProcessEnv;

  private constructor(dir: string, name: string, agents: FakeAgents) {
    this.dir = dir;
    this.work = join(dir, 'work');
    this.name = name;
    this.agents = agents;
    const { PATH = '/usr/bin:/bin' } = process.env;
    this.environment = {
      PATH,
      HOME: join(dir, 'home'),
      COLONY_HOME: join(dir, 'state'),
      LANG: 'C.UTF-8',
      TERM: 'xterm',
    };
  }

  static async make(name = 'lab'): Promise<TestColony> {
    const dir = mkdtempSync(join(tmpdir(), 'colony-e2e-'));
    for (const folder of ['home', 'work', 'state', 'sockets']) mkdirSync(join(dir, folder));
    return new TestColony(dir, name, await FakeAgents.at(join(dir, 'fakes.sock')));
  }

  /** As on a person's machine: no COLONY_HOME, and tmux sockets where tmux itself puts them (in a folder of the test). */
  static async atHome(name = 'lab'): Promise<TestColony> {
    const colony = await TestColony.make(name);
    delete colony.environment.COLONY_HOME;
    colony.environment.TMUX_TMPDIR = join(colony.dir, 'sockets');
    return colony;
  }

  get paths() {
    const { COLONY_HOME = join(this.dir, 'home', '.local', 'state', 'colony') } = this.environment;
    return colonyPaths(COLONY_HOME, this.name, process.getuid?.() ?? 0);
  }

  get file(): string {
    return join(this.work, 'colony.yaml');
  }

  /** An agent that obeys the test. */
  fake(more: AgentYaml = {}, ...words: string[]): AgentYaml {
    const env = { FAKE_SOCKET: this.agents.socket, ...(more.env as object | undefined) };
    return { command: fakeAgent(...words), stop: { grace: '5s' }, ...more, env };
  }

  /** Write colony.yaml. A test that is not about reloading says itself when the file counts. */
  write(agents: Readonly<Record<string, AgentYaml>>, top: AgentYaml = {}): void {
    writeFileSync(
      this.file,
      JSON.stringify({ version: 1, name: this.name, reload: 'manual', ...top, agents }, undefined, 2),
    );
  }

  /** Run `colony` in the colony's folder. */
  run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
    return new Promise((resolve) => {
      const options = { cwd: this.work, env: { ...this.environment, ...environment }, timeout: 120_000 };
      execFile(process.execPath, [this.program, ...args], options, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
        resolve({ code, stdout, stderr });
      });
    });
  }

  /** Run `colony` as a child that the test watches, and that it may write to. */
  start(args: readonly string[], stdin: 'ignore' | 'pipe' = 'ignore'): ChildProcess {
    return spawn(process.execPath, [this.program, ...args], {
      cwd: this.work,
      env: this.environment,
      stdio: [stdin, 'pipe', 'pipe'],
    });
  }

  async apply(...args: string[]): Promise<Ran> {
    return this.run(['apply', ...args]);
  }

  /** What `colony status` tells. It is asked so often that the program is started only where no supervisor answers. */
  async status(): Promise<StatusReport> {
    const asked =
      this.program === PROGRAM ? await call<StatusReport>(this.paths.socket, 'GET', '/v1/status') : undefined;
    if (asked?.ok) return asked.value;
    const { stdout, stderr } = await this.run(['status', '-o', 'json']);
    try {
      return JSON.parse(stdout) as StatusReport;
    } catch {
      throw new Error(`status printed no JSON: ${stdout}${stderr}`);
    }
  }

  async agent(name: string): Promise<AgentStatus | undefined> {
    return (await this.status()).agents.find((agent) => agent.name === name);
  }

  /** The pids of all agents that run, by name. */
  async pids(): Promise<Record<string, number>> {
    const { agents } = await this.status();
    return Object.fromEntries(agents.flatMap(({ name, pid }) => (pid === null ? [] : [[name, pid]])));
  }

  /** The name of the colony's tmux server, where it has one. */
  get server(): string {
    return `colony-${this.name}`;
  }

  /** Run tmux on the colony's own server. */
  tmux(...args: string[]): Promise<Ran> {
    return new Promise((resolve) => {
      const server = this.environment.COLONY_HOME ? ['-S', this.paths.tmuxSocket] : ['-L', this.server];
      execFile('tmux', ['-u', ...server, ...args], { env: this.environment }, (error, stdout, stderr) => {
        resolve({ code: error ? 1 : 0, stdout, stderr });
      });
    });
  }

  /** Everything that was written down so far; a line that is being written is none yet. */
  journal(): Entry[] {
    const text = readFileSync(this.paths.journal, 'utf8');
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Entry);
  }

  async supervisorPid(): Promise<number> {
    return waitFor('a supervisor', async () => (await this.status()).supervisor?.pid);
  }

  /** SIGKILL the supervisor and wait until it is gone. */
  async killSupervisor(): Promise<void> {
    const pid = await this.supervisorPid();
    process.kill(pid, 'SIGKILL');
    await waitFor('the supervisor to be gone', () => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    });
  }

  async end(): Promise<void> {
    const asked = await call<Version>(this.paths.socket, 'GET', '/v1/version');
    await this.run(['down', '--yes']);
    // It says that it is down a while before it has written its last line.
    if (asked.ok) await waitFor('the supervisor to be gone', async () => !(await isAlive(asked.value.pid)));
    await this.tmux('kill-server');
    this.agents.close();
    removeFolder(this.dir);
  }
}
