import { type ChildProcess, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { readProcess } from '../processes/table.ts';
import type { Bytes, Millis } from '../reconciler/types.ts';
import { Output } from './output.ts';
import { COMMAND_VARIABLE, newMark, register } from './register.ts';
import { sweepSoon } from './sweep.ts';

export type CommandOptions = {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment; nothing but a mark of ours is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeout: Millis;
  /** Ends it early. */
  readonly signal?: AbortSignal | undefined;
  /** How much of what it prints is kept, from its beginning; what it says as an error is part of it. */
  readonly outputLimit: Bytes;
};

/** How a command has ended. */
export type Ended =
  | { readonly is: 'exited'; readonly code: number; readonly output: string }
  | { readonly is: 'signaled'; readonly signal: NodeJS.Signals; readonly output: string }
  | { readonly is: 'timed_out'; readonly output: string }
  | { readonly is: 'aborted' }
  /** `why`: as the rest of a sentence. */
  | { readonly is: 'not_started'; readonly why: string };

/** A process that was killed and is not gone by then is in the hands of the kernel, and is not waited for. */
const LETTING_GO: Millis = 1_000;

/**
 * Run a command of the user, in a process group of its own and with nothing to read, and leave nothing of it behind.
 *
 * However it ends, its whole group is killed at once; a process that has left the group is found by the mark in its
 * environment about a second later. Somebody who holds the output open delays nothing.
 *
 * Not by execa: that one waits until the output is closed, kills the process alone, and ends whoever prints too much.
 */
export async function runCommand(options: CommandOptions): Promise<Ended> {
  const mark = newMark();
  if (mark === undefined || options.signal?.aborted) return { is: 'aborted' };
  const child = begin(options, mark);
  if (typeof child === 'string') return { is: 'not_started', why: child };
  const refused = new Promise<Ending>((resolve) =>
    child.once('error', (error) => resolve({ is: 'not_started', why: refusal(error, options) })),
  );
  if (child.pid === undefined) return (await refused) as Ended;
  return watch(child, child.pid, mark, options);
}

/** The process, or why there can be none. */
function begin(options: CommandOptions, mark: string): ChildProcess | string {
  const { argv, cwd, env } = options;
  const [program, ...args] = argv;
  try {
    return spawn(program, args, {
      cwd,
      env: { ...env, [COMMAND_VARIABLE]: mark },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    // What no process could be given: a NUL in a word, more words than the kernel takes.
    return refusal(error, options);
  }
}

type Ending =
  | { readonly is: 'exited'; readonly code: number }
  | { readonly is: 'signaled'; readonly signal: NodeJS.Signals }
  | { readonly is: 'timed_out' }
  | { readonly is: 'aborted' }
  | { readonly is: 'not_started'; readonly why: string };

async function watch(child: ChildProcess, pid: number, mark: string, options: CommandOptions): Promise<Ended> {
  const output = new Output([child.stdout, child.stderr], options.outputLimit);
  const start = readProcess(pid)?.start;
  const ending = await ended(child, pid, mark, options);
  // The group outlives its leader, and its number is taken as long as anybody is in it.
  killGroup(pid);
  const text = await output.end();
  sweepSoon(start);
  return ending.is === 'aborted' || ending.is === 'not_started' ? ending : { ...ending, output: text };
}

function ended(child: ChildProcess, pid: number, mark: string, { timeout, signal }: CommandOptions): Promise<Ending> {
  return new Promise((resolve) => {
    let early: Ending | undefined;
    let giveUp: NodeJS.Timeout | undefined;
    const finish = (ending: Ending) => {
      clearTimeout(deadline);
      clearTimeout(giveUp);
      signal?.removeEventListener('abort', abort);
      unregister();
      resolve(ending);
    };
    const cut = (ending: Ending) => {
      if (early) return;
      early = ending;
      killGroup(pid);
      giveUp = setTimeout(() => finish(ending), LETTING_GO);
    };
    const abort = () => cut({ is: 'aborted' });
    const deadline = setTimeout(() => cut({ is: 'timed_out' }), timeout);
    const unregister = register({ mark, abort });
    signal?.addEventListener('abort', abort, { once: true });
    child.once('exit', (code, by) => {
      finish(early ?? (by === null ? { is: 'exited', code: code ?? 0 } : { is: 'signaled', signal: by }));
    });
  });
}

function killGroup(pid: number): void {
  for (const signal of ['SIGKILL', 'SIGCONT'] as const) {
    try {
      process.kill(-pid, signal);
    } catch {
      // Nobody is in it any more.
    }
  }
}

const WHY: Readonly<Record<string, (program: string) => string>> = {
  ENOENT: (program) => `there is no program ${program}`,
  EACCES: (program) => `${program} may not be executed`,
  ENOTDIR: (program) => `there is no program ${program}`,
  ENOEXEC: (program) => `${program} is no program`,
  E2BIG: () => 'its words and its environment are longer than the system takes',
};

function refusal(error: unknown, { argv: [program], cwd }: CommandOptions): string {
  if (!isFolder(cwd)) return `there is no folder ${cwd}`;
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  return WHY[code]?.(program) ?? message;
}

/** The system says of a missing folder only that something is missing. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
