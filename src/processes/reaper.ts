import type { Millis, ProcessIdentity, RunId } from '../reconciler/types.ts';
import { RunReader } from './environ.ts';
import { isRunning, type Proc, readTable, type Table } from './table.ts';
import { remainsOf, treeOf } from './tree.ts';

/** What became of the processes of a run. */
export type Swept = { readonly killed: readonly number[]; readonly survivors: readonly number[] };

/** How long what is left of a run may take to obey SIGTERM once its main program is gone. */
const POLITE: Millis = 1_000;
/** After this the kernel itself is not letting go (a process in uninterruptible sleep), and waiting cannot help. */
const PATIENCE: Millis = 10_000;

/**
 * Ends what is left of runs: children, grandchildren, those that called setsid or were reparented, those that are
 * stopped, those that ignore SIGTERM.
 */
export class Reaper {
  readonly #runs = new RunReader();
  #reading: Promise<Table> | undefined;

  /** The process and all below it, to be remembered before its end makes orphans of them. */
  async tree(pid: number): Promise<readonly Proc[]> {
    return treeOf(await this.#table(), [pid]);
  }

  /**
   * End every process of the run until none is left.
   *
   * `politely` gives them SIGTERM and a second first. It is sent once, to those that are there: what a handler of SIGTERM
   * starts in order to clean up may finish. Stopped processes are continued, or they could not obey.
   */
  async sweep(run: RunId, seenBefore: readonly ProcessIdentity[], politely: boolean): Promise<Swept> {
    const began = performance.now();
    const killed = new Set<number>();
    for (let pause = 2; ; pause = Math.min(50, pause * 2)) {
      const remains = remainsOf(await this.#table(), run, this.#runs.runOf, seenBefore);
      const elapsed = performance.now() - began;
      if (remains.length === 0 || elapsed > PATIENCE) {
        return { killed: [...killed], survivors: remains.map(({ pid }) => pid) };
      }
      const polite = politely && elapsed < POLITE;
      for (const proc of remains) urge(proc, polite ? killed.size > 0 : undefined);
      for (const { pid } of remains) killed.add(pid);
      await delay(pause);
    }
  }

  /** Callers of the same turn share one look at the process table. */
  #table(): Promise<Table> {
    this.#reading ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#reading = undefined;
        const table = readTable();
        this.#runs.prune(table);
        resolve(table);
      });
    });
    return this.#reading;
  }
}

/**
 * Ask a process to end, or make it.
 *
 * SIGTERM is sent once; SIGKILL (`asked` undefined) again and again, because a tree that forks may be faster than one
 * look at it. A stopped process is continued, or it could obey neither.
 */
function urge(proc: Proc, asked: boolean | undefined): void {
  if (asked === undefined) send(proc, 'SIGKILL');
  else if (!asked) send(proc, 'SIGTERM');
  send(proc, 'SIGCONT');
}

/**
 * Signal this very process and no later one with the same pid.
 *
 * Returns whether it was there. Between the look and the signal lies a moment that only pidfds could close; the start
 * time is compared right before, and a pid is not used again within microseconds.
 */
export function send(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Wait until the process has ended, at most this long and not once it is `cutShort`; returns whether it has. */
export async function ended(identity: ProcessIdentity, within: Millis, cutShort?: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + within;
  for (let pause = 1; isRunning(identity); pause = Math.min(50, pause * 2)) {
    const left = deadline - performance.now();
    if (left <= 0 || cutShort?.aborted) return false;
    await delay(Math.min(pause, left));
  }
  return true;
}

function delay(ms: Millis): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
