import { readFileSync, writeFileSync } from 'node:fs';

/**
 * How much sooner than others a program of an agent is taken when the machine runs out of memory, on the kernel's scale
 * of -1000 to 1000. One that uses nothing counts as if it used 30 % of the memory: more than tmux or a supervisor ever do.
 */
const SOONER = 300;

/**
 * When the kernel needs memory it is to take an agent, which is started again, and not tmux with all agents in it.
 *
 * What a program starts inherits this. Everybody may raise the value of his own processes; one that is higher already
 * stays. Where this cannot be done nothing is lost but the preference.
 */
export function offerToTheKernel(pid: number): void {
  if (process.platform !== 'linux') return;
  const path = `/proc/${pid}/oom_score_adj`;
  try {
    if (Number(readFileSync(path, 'latin1')) < SOONER) writeFileSync(path, String(SOONER));
  } catch {
    // It has ended already, or runs as another user.
  }
}
