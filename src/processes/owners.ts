import type { RunId } from '../reconciler/types.ts';
import type { Proc, Table } from './table.ts';

/** What is known of the runs before a look at the process table. */
export type Claims = {
  /** The main process of each run, by pid. */
  readonly mains: ReadonlyMap<number, RunId>;
  /** Processes that an earlier look has found, by pid. */
  readonly remembered: ReadonlyMap<number, { readonly start: string; readonly run: RunId }>;
  /** The run in which a process was started, as its environment says. Costly: asked only of those nobody claims. */
  readonly runOf: (proc: Proc) => RunId | undefined;
};

/**
 * Whose each process is: that of the nearest one above it, itself included, that is a main process or was seen before;
 * of those that are below none, that of the nearest whose environment names a run.
 *
 * So a process that escaped belongs to its run, and so does one that hid its environment, if a look has seen it below
 * the program before. Each process belongs to one run at most. Zombies have ended and are nobody's.
 */
export function ownersOf(table: Table, { mains, remembered, runOf }: Claims): ReadonlyMap<RunId, readonly Proc[]> {
  const runs = new Set(mains.values());
  const near = claimed(table, (proc) => mains.get(proc.pid) ?? seenBefore(proc, remembered));
  const all = claimed(table, (proc) => near.get(proc.pid) ?? runOf(proc));
  const owned = new Map<RunId, Proc[]>([...runs].map((run) => [run, []]));
  for (const proc of table.values()) {
    const run = all.get(proc.pid);
    if (run !== undefined && !proc.zombie) owned.get(run)?.push(proc);
  }
  return owned;
}

function seenBefore({ pid, start }: Proc, remembered: Claims['remembered']): RunId | undefined {
  const known = remembered.get(pid);
  return known?.start === start ? known.run : undefined;
}

/** What the nearest process at or above each one is claimed for; each process is asked about once. */
function claimed(table: Table, claim: (proc: Proc) => RunId | undefined): ReadonlyMap<number, RunId | undefined> {
  const found = new Map<number, RunId | undefined>();
  for (const proc of table.values()) {
    const way: number[] = [];
    let run: RunId | undefined;
    for (let at: Proc | undefined = proc; at && !found.has(at.pid); at = table.get(at.ppid)) {
      // Put down before its parent is asked: a table that was read while it changed may hold a circle.
      found.set(at.pid, undefined);
      way.push(at.pid);
      run = claim(at);
      if (run !== undefined) break;
      run = found.get(at.ppid);
    }
    for (const pid of way) found.set(pid, run);
  }
  return found;
}
