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

  readonly runOf = (proc: Proc): string | undefined => {
    const known = this.#known.get(proc.pid);
    const asked = known?.start === proc.start;
    if (asked && known.sure) return known.run;
    const run = proc.zombie ? undefined : runIn(environmentText(proc.pid));
    // Between fork and exec a child still shows its parent's environment, so the first "none" may be wrong.
    this.#known.set(proc.pid, { start: proc.start, run, sure: asked || run !== undefined });
    return run;
  };

  /** Forget processes that are gone. */
  prune(alive: { has(pid: number): boolean }): void {
    for (const pid of this.#known.keys()) if (!alive.has(pid)) this.#known.delete(pid);
  }
}

/** What a process was started with; empty for one that is gone or belongs to another user. */
export function environmentText(pid: number): string {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1');
    } catch {
      return '';
    }
  }
  try {
    return execFileSync('ps', ['-Eww', '-o', 'command=', '-p', String(pid)], {
      encoding: 'latin1',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

/** The run id in an environment. */
export function runIn(environment: string): string | undefined {
  return variableIn(environment, RUN_VARIABLE);
}

/** The value of a mark in an environment; entries are separated by NUL on Linux and by spaces in the output of ps. */
export function variableIn(environment: string, name: string): string | undefined {
  return new RegExp(`(?:^|[\\0 ])${name}=([^\\0 ]+)`).exec(environment)?.[1];
}
