import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Millis } from '../reconciler/types.ts';
import type { Program } from './exec.ts';
import { type ControlEvent, ControlParser } from './protocol.ts';

/** How a control client ended. */
export type ClientEnd = {
  /** The program could not be found. */
  readonly missing: boolean;
  readonly code: number | null;
  /** What it said beside the protocol, and the reason it gave for leaving. */
  readonly said: string;
};

/** How long a client may take to leave after its input was closed. */
const LEAVE: Millis = 1_000;
/** How long output may still come after the process has ended: a child of it may hold the pipe for ever. */
const DRAIN: Millis = 200;
/** What is kept of the words beside the protocol. */
const KEPT = 2_000;

/**
 * One `tmux -C` process: lines in, events out.
 *
 * It leads a session of its own, so a Ctrl-C in the supervisor's terminal does not reach it. If the supervisor dies,
 * its input closes and it leaves by itself.
 */
export class ControlClient {
  readonly ended: Promise<ClientEnd>;
  readonly #child: ChildProcessWithoutNullStreams;
  #said = '';

  constructor(program: Program, args: readonly string[], onEvent: (event: ControlEvent) => void) {
    this.#child = spawn(program.binary, args, {
      env: program.environment,
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const parser = new ControlParser();
    this.#child.stdout.on('data', (chunk: Buffer) => {
      for (const event of parser.feed(chunk)) this.#take(event, onEvent);
    });
    this.#child.stderr.on('data', (chunk: Buffer) => this.#keep(chunk.toString('utf8')));
    // A client that has gone closes its end of the pipe; `ended` tells, so this error says nothing new.
    this.#child.stdin.on('error', () => {});
    this.ended = this.#watchEnd();
  }

  /** undefined: it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Send one line. An empty one would make tmux detach the client. */
  write(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Leave by closing the input; a process that does not go is killed. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), LEAVE);
    await this.ended;
    clearTimeout(kill);
  }

  #take(event: ControlEvent, onEvent: (event: ControlEvent) => void): void {
    if (event.kind === 'stray') this.#keep(`${event.line}\n`);
    if (event.kind === 'exit') this.#keep(`${event.reason}\n`);
    onEvent(event);
  }

  #keep(words: string): void {
    if (this.#said.length < KEPT) this.#said += words.slice(0, KEPT - this.#said.length);
  }

  #watchEnd(): Promise<ClientEnd> {
    return new Promise((resolve) => {
      this.#child.once('error', (error: NodeJS.ErrnoException) => {
        resolve({ missing: error.code === 'ENOENT', code: null, said: this.#said || error.message });
      });
      this.#child.once('exit', () => {
        setTimeout(() => {
          this.#child.stdout.destroy();
          this.#child.stderr.destroy();
        }, DRAIN).unref();
      });
      this.#child.once('close', (code) => resolve({ missing: false, code, said: this.#said }));
    });
  }
}
