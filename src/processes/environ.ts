import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Proc } from './table.ts';

/** The variable that marks every process of one life of one agent, wherever it has moved to in the process tree. */
export const RUN_VARIABLE = 'COLONY_RUN_ID';

/**
 * Tells which run a process was started in, by the environment it was started with.
 *
 * Reading an environment costs more than all the rest, and it never changes: each process is asked once. A process of
 * another user cannot be read and belongs to no run.
 */
export class RunReader {
  readonly #known = new Map<
    number,
    { readonly start: string; readonly run: string | undefined; readonly sure: boolean }
  >();

  #listed: ReadonlyMap<number, string> | undefined;

  readonly runOf = (proc: Proc): string | undefined => {
    const known = this.#known.get(proc.pid);
    const asked = known?.start === proc.start;
    if (asked && known.sure) return known.run;
    const run = proc.zombie ? undefined : runIn(this.#environmentOf(proc.pid));
    // Between fork and exec a child still shows its parent's environment, so the first "none" may be wrong.
    this.#known.set(proc.pid, { start: proc.start, run, sure: asked || run !== undefined });
    return run;
  };

  /** Without /proc one ps tells of all processes, and who asks for one of them asks for many in the same turn. */
  #environmentOf(pid: number): string {
    if (process.platform === 'linux') return readEnviron(pid);
    if (!this.#listed) {
      this.#listed = listEnvironments();
      setImmediate(() => {
        this.#listed = undefined;
      });
    }
    return this.#listed.get(pid) ?? '';
  }

  /** Forget processes that are gone. */
  prune(alive: { has(pid: number): boolean }): void {
    for (const pid of this.#known.keys()) if (!alive.has(pid)) this.#known.delete(pid);
  }
}

/** What a process was started with; empty for one that is gone or belongs to another user. Costs a `ps` without /proc. */
export function environmentText(pid: number): string {
  return process.platform === 'linux' ? readEnviron(pid) : (listEnvironments().get(pid) ?? '');
}

function readEnviron(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

/** A few kilobytes for each process of the machine. */
const MOST = 64 * 1024 * 1024;

function listEnvironments(): ReadonlyMap<number, string> {
  try {
    const args = ['-axEww', '-o', 'pid=,command='];
    const output = execFileSync('ps', args, {
      encoding: 'latin1',
      maxBuffer: MOST,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return parseEnvironments(output);
  } catch {
    return new Map();
  }
}

/** Lines of `ps -E -o pid=,command=`: the environment stands behind the arguments. */
export function parseEnvironments(output: string): ReadonlyMap<number, string> {
  const lines = output.split('\n').map((line) => /^\s*(\d+) (.*)$/.exec(line));
  return new Map(lines.flatMap((found): [number, string][] => (found ? [[Number(found[1]), found[2] ?? '']] : [])));
}

/** The run id in an environment. */
export function runIn(environment: string): string | undefined {
  return variableIn(environment, RUN_VARIABLE);
}

/** The value of a mark in an environment; entries are separated by NUL on Linux and by spaces in the output of ps. */
export function variableIn(environment: string, name: string): string | undefined {
  return new RegExp(`(?:^|[\\0 ])${name}=([^\\0 ]+)`).exec(environment)?.[1];
}
