import { environmentText, variableIn } from '../processes/environ.ts';
import { send } from '../processes/reaper.ts';
import { type Proc, readTable } from '../processes/table.ts';
import { treeOf } from '../processes/tree.ts';
import type { Millis } from '../reconciler/types.ts';
import { COMMAND_VARIABLE, close, isLeftOver, runningCommands } from './register.ts';

/** Commands that end within this time are looked after together: a look at all processes costs some milliseconds. */
const TOGETHER: Millis = 1_000;
/** After this the kernel itself is not letting go, and waiting cannot help. */
const PATIENCE: Millis = 10_000;

let timer: NodeJS.Timeout | undefined;
/** When the oldest of the commands was begun that have ended since the last look. */
let since: number | undefined;

/**
 * A command has ended that was begun at `start` (a start time as `Proc` has it): what escaped from its process group is
 * found and killed a second later at the latest.
 */
export function sweepSoon(start: string | undefined): void {
  const begun = start === undefined ? 0 : instant(start);
  since = Math.min(since ?? begun, begun);
  timer ??= setTimeout(() => void sweepCommands(since), TOGETHER).unref();
}

/**
 * Kill every process that is left over from a command of this colony that has ended, until there is none.
 *
 * Without `from` all processes are looked at, also those of an earlier supervisor that was killed. With it only younger
 * ones: nothing of a command is older than the command.
 */
export async function sweepCommands(from?: number): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  since = undefined;
  const began = performance.now();
  for (let pause = 5; performance.now() - began < PATIENCE; pause = Math.min(100, pause * 2)) {
    const left = leftOvers(from);
    if (left.length === 0) return;
    for (const proc of left) {
      send(proc, 'SIGKILL');
      // A stopped process that another one traces ends only once it is continued.
      send(proc, 'SIGCONT');
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** End the commands that run, begin no further one, and leave nothing of any of them. */
export async function endCommands(): Promise<void> {
  close();
  const began = performance.now();
  while (runningCommands() > 0 && performance.now() - began < PATIENCE)
    await new Promise((resolve) => setTimeout(resolve, 2));
  if (timer) await sweepCommands(since);
}

function leftOvers(from = 0): readonly Proc[] {
  const table = readTable();
  const marked = [...table.values()].filter((proc) => {
    if (proc.zombie || proc.pid === process.pid || instant(proc.start) < from) return false;
    const mark = variableIn(environmentText(proc.pid), COMMAND_VARIABLE);
    return mark !== undefined && isLeftOver(mark);
  });
  const tree = treeOf(
    table,
    marked.map(({ pid }) => pid),
  );
  return tree.filter(({ zombie }) => !zombie);
}

/** Start times in their order: ticks since the boot on Linux, a date elsewhere. One that cannot be read counts as new. */
function instant(start: string): number {
  const ticks = Number(start);
  const at = Number.isNaN(ticks) ? Date.parse(start) : ticks;
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
}
