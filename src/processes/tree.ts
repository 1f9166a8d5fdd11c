import type { ProcessIdentity } from '../reconciler/types.ts';
import { type Proc, readProcess, type Table } from './table.ts';

/** A process and everything below it, as far as parents tell; the root itself comes first. */
export function treeOf(table: Table, roots: readonly number[]): readonly Proc[] {
  const children = childrenByParent(table);
  const found: Proc[] = [];
  const queue = [...roots];
  const seen = new Set<number>();
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    const proc = table.get(pid);
    if (!proc || seen.has(pid)) continue;
    seen.add(pid);
    found.push(proc);
    queue.push(...(children.get(pid) ?? []));
  }
  return found;
}

function childrenByParent(table: Table): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const { pid, ppid } of table.values()) {
    const siblings = children.get(ppid);
    if (siblings) siblings.push(pid);
    else children.set(ppid, [pid]);
  }
  return children;
}

/**
 * What is left of a run: processes seen below it earlier, those that carry its id in their environment, and all that
 * either have started since. Zombies have ended and are not counted.
 */
export function remainsOf(
  table: Table,
  run: string,
  runOf: (proc: Proc) => string | undefined,
  seenBefore: readonly ProcessIdentity[],
): readonly Proc[] {
  const still = seenBefore.filter(({ pid, start }) => table.get(pid)?.start === start).map(({ pid }) => pid);
  const marked = [...table.values()].filter((proc) => runOf(proc) === run).map(({ pid }) => pid);
  return treeOf(table, [...new Set([...still, ...marked])]).filter(({ zombie }) => !zombie);
}

/** Whether a process is below another one, as far as parents tell. */
export function isBelow({ ppid }: Pick<Proc, 'ppid'>, pid: number): boolean {
  if (ppid === pid || ppid <= 1) return ppid === pid;
  const parent = readProcess(ppid);
  return parent !== undefined && isBelow(parent, pid);
}
