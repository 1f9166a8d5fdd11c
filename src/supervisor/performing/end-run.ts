import { readFileSync } from 'node:fs';
import { ended, type Reaper, type Swept, send } from '../../processes/reaper.ts';
import { readProcess } from '../../processes/table.ts';
import type { Millis, PaneId, ProcessIdentity, RunId } from '../../reconciler/types.ts';
import type { StopSpec, StopStep } from '../../spec/stop.ts';
import type { Tmux } from '../../tmux/types.ts';

export type EndOptions = {
  readonly tmux: Tmux;
  readonly reaper: Reaper;
  readonly pane: PaneId;
  readonly pid: number;
  readonly run: RunId | undefined;
  /** Processes that were seen in this run earlier, wherever they are by now. */
  readonly remembered: readonly ProcessIdentity[];
  readonly stop: StopSpec;
  /** How much longer than its grace time the program has asked to be given, from now; 0 or less: no longer. */
  readonly extended: () => Millis;
  /** From then on nothing more is waited for. */
  readonly cutShort: AbortSignal;
};

/**
 * End one life of an agent: ask as its `stop` says, wait for the grace time, then take the whole process tree.
 *
 * Afterwards nothing of that run is alive, except what the kernel itself does not let go (`survivors`).
 */
export async function endRun(options: EndOptions): Promise<Swept> {
  const { tmux, reaper, pid, run, remembered, cutShort } = options;
  const main = readProcess(pid);
  const seen = [...(await reaper.tree(pid)), ...remembered];
  const gone = !main || main.zombie || (await leaves(main, options));
  const swept = await reaper.sweep(run ?? `no-run-of-${pid}`, seen, gone && !cutShort.aborted);
  tmux.poke();
  return swept;
}

/** Ask the program to leave; returns whether it did. */
async function leaves(main: ProcessIdentity, options: EndOptions): Promise<boolean> {
  const { stop, cutShort } = options;
  for (const step of stop.sequence) {
    if (cutShort.aborted) return false;
    if (await take(step, main, options)) return true;
  }
  return endedInTime(main, options);
}

/** However often a program asks for more time to end, it gets no more than this. */
const LONGEST_EXTENSION: Millis = 3_600_000;

/** Wait for the grace time, and for what the program asks for beyond it; returns whether it has ended. */
async function endedInTime(main: ProcessIdentity, { stop, extended, cutShort }: EndOptions): Promise<boolean> {
  if (await ended(main, stop.grace, cutShort)) return true;
  const deadline = performance.now() + LONGEST_EXTENSION;
  for (;;) {
    const left = Math.min(extended(), deadline - performance.now());
    if (left <= 0 || cutShort.aborted) return false;
    if (await ended(main, left, cutShort)) return true;
  }
}

/** Do one step; returns whether the program has ended. */
async function take(step: StopStep, main: ProcessIdentity, { tmux, pane, cutShort }: EndOptions): Promise<boolean> {
  if ('wait' in step) return ended(main, step.wait, cutShort);
  if ('keys' in step) {
    await tmux.keys(pane, step.keys);
    return false;
  }
  const there = send(main, `SIG${step.signal}`);
  // A shell at its prompt ignores SIGTERM; a hang-up is what it gets when a person closes the terminal.
  if (step.signal === 'TERM' && isInteractiveShell(main.pid)) send(main, 'SIGHUP');
  // A stopped process obeys only once it is continued.
  send(main, 'SIGCONT');
  return !there;
}

const SHELLS = /^-?(?:.*\/)?(?:ba|z|fi|k|da|c|tc)?sh$/;

/** A shell without a script or a command of its own to run. */
function isInteractiveShell(pid: number): boolean {
  try {
    const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .filter((word) => word !== '');
    return SHELLS.test(program) && args.every((arg) => arg.startsWith('-') && !/^-\w*c/.test(arg));
  } catch {
    return false;
  }
}
