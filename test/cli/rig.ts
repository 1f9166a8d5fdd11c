import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { call } from '../../src/control/client.ts';
import { colonyPaths, nameIndexPath } from '../../src/control/paths.ts';
import { removeFolder } from '../rig/remove.ts';
import { Terminal } from '../rig/terminal.ts';
import { waitFor } from '../rig/wait.ts';
import { type Asked, type Replies, serve } from './fixtures/fake-supervisor.mjs';

/** The bundle that a user gets, or another build of it. */
const PROGRAM = process.env.COLONY_TEST_PROGRAM ?? fileURLToPath(new URL('../../dist/colony.cjs', import.meta.url));
const PLAYED = fileURLToPath(new URL('fixtures/program.mjs', import.meta.url));

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type Scenario = {
  readonly replies?: Replies;
  /** What the played supervisor writes on its descriptor 3. */
  readonly ready?: unknown;
  readonly log?: string;
  /** It ends at once, with this code. */
  readonly exit?: number;
};

/** A project folder with a colony.yaml, a home for colonies, and the program to run there. */
export class Rig {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'colony-cli-')));
  readonly home = join(this.base, 'home');
  readonly project = join(this.base, 'project');
  readonly file = join(this.project, 'colony.yaml');
  readonly paths = colonyPaths(this.home, 'shop', process.getuid?.() ?? 0);
  readonly asked: Asked[] = [];
  readonly #servers: Server[] = [];
  readonly #record = join(this.base, 'record');

  constructor() {
    mkdirSync(this.project);
    mkdirSync(this.paths.dir, { recursive: true });
    writeFileSync(this.file, 'name: shop\n');
    this.index(this.file);
    onTestFinished(() => this.#end());
  }

  /** Let the index know a file as that of the colony `shop`. */
  index(path: string): void {
    const index = nameIndexPath(this.home, path);
    mkdirSync(dirname(index), { recursive: true });
    writeFileSync(index, 'shop');
  }

  /** Play a running supervisor. */
  async serve(replies: Replies): Promise<void> {
    this.#servers.push(await serve(this.paths.socket, replies, (asked) => this.asked.push(asked)));
  }

  /** Let `supervise` be played, for commands that start it in the background. */
  play(scenario: Scenario): void {
    const { socket } = this.paths;
    writeFileSync(join(this.base, 'scenario'), JSON.stringify({ socket, record: this.#record, ...scenario }));
  }

  /** What the played supervisors were started with and asked. */
  played(): readonly unknown[] {
    if (!existsSync(this.#record)) return [];
    // A file is there a moment before its first line is, and a line a moment before its end.
    const whole = readFileSync(this.#record, 'utf8').split('\n').slice(0, -1);
    return whole.map((line) => JSON.parse(line) as unknown);
  }

  /** Wait until `supervise` was played. */
  async untilPlayed(): Promise<void> {
    await waitFor('a supervisor to be started', () => this.played().length > 0);
  }

  deleteFile(): void {
    rmSync(this.file);
  }

  /** Run the program to its end, without a terminal and with an empty input. */
  run(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Promise<Ran> {
    const child = spawn(process.execPath, [this.#script(), ...args], {
      cwd: options.cwd ?? this.project,
      env: { ...this.#env(), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  }

  /**
   * Run the program in a terminal of its own, which real tmux plays, with what a shell line may have before and after a
   * command. Its exit code is shown as `exit=N`.
   */
  async inTerminal(
    args: readonly string[],
    env: Record<string, string> = {},
    after = '',
    before = '',
  ): Promise<Terminal> {
    const words = [process.execPath, this.#script(), ...args].map((word) => `'${word}'`).join(' ');
    // Ctrl-C reaches this shell as well, which is to tell the exit code and not to end of it.
    const line = `trap : INT; ${before} ${words} ${after}; echo exit=$?; exec sleep 600`;
    const place = { cwd: this.project, env: { ...this.#env(), ...env } };
    const terminal = await Terminal.open(join(this.base, 'tmux'), ['bash', '-c', line], place);
    onTestFinished(() => terminal.close());
    return terminal;
  }

  #script(): string {
    return existsSync(join(this.base, 'scenario')) ? PLAYED : PROGRAM;
  }

  #env(): Record<string, string> {
    const { PATH = '' } = process.env;
    const played = { TEST_PROGRAM: PROGRAM, TEST_SCENARIO: join(this.base, 'scenario') };
    return { PATH, HOME: this.base, COLONY_HOME: this.home, ...played };
  }

  async #end(): Promise<void> {
    for (const server of this.#servers) server.close();
    // A played supervisor that a command left running, as it should, ends with the test.
    if (this.#servers.length === 0) await call(this.paths.socket, 'POST', '/v1/down', {});
    removeFolder(this.base);
  }
}
