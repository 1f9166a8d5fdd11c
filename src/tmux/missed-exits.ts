import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Millis } from '../reconciler/types.ts';

const TERMINALS = '/dev/pts';

/** How often a server is nudged where terminals cannot be watched. */
const SLOW: Millis = 1_000;

/**
 * Call `nudge` at the moments when a server that loses SIGCHLD may just have lost one; gives back how to stop.
 *
 * Such a server closes the terminal right after the signal was lost, and the terminal's entry disappears. `terminal` is
 * the path of one that has, be it anybody's: a nudge too many costs nothing. undefined: no more is known than the time.
 */
export function watchMissedExits(
  nudge: (terminal: string | undefined) => void,
  folder: string = TERMINALS,
): () => void {
  let slow: NodeJS.Timeout | undefined;
  const fallBack = () => {
    slow ??= setInterval(() => nudge(undefined), SLOW).unref();
  };
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      const path = name === null ? undefined : join(folder, name);
      if (path === undefined || !existsSync(path)) nudge(path);
    });
    watcher.on('error', fallBack);
    return () => {
      watcher.close();
      clearInterval(slow);
    };
  } catch {
    fallBack();
    return () => clearInterval(slow);
  }
}
