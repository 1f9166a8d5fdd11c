import { setTimeout as pause } from 'node:timers/promises';

/** A deadline that only a hung program misses, also on a loaded machine. */
const DEADLINE = 40_000;

/** Between two looks, in milliseconds; shorter than any period that a test counts. */
const SHORTEST = 10;
const LONGEST = 50;

/**
 * Wait until `look` finds something, and return it. Throws with `what` in its message when the deadline passes.
 *
 * After a look that took long it rests for longer: others need the processor, too, among them what is waited for.
 */
export async function waitFor<T>(
  what: string,
  look: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  deadline = DEADLINE,
): Promise<T> {
  const until = performance.now() + deadline;
  for (;;) {
    const began = performance.now();
    const found = await look();
    if (found !== undefined && found !== false && found !== null) return found;
    if (performance.now() > until) throw new Error(`waited ${deadline} ms for ${what}`);
    await pause(Math.min(LONGEST, Math.max(SHORTEST, performance.now() - began)));
  }
}

/** Whether a process with this pid runs; a zombie does not. */
export async function isAlive(pid: number): Promise<boolean> {
  const { readProcess } = await import('../../src/processes/table.ts');
  const proc = readProcess(pid);
  return proc !== undefined && !proc.zombie;
}
