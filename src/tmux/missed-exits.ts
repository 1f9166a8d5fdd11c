import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Millis } from '../reconciler/types.ts';

const TERMINALS = '/dev/pts';

/** How often a server is nudged where terminals cannot be watched. */
const SLOW: Millis = 1_000;

/**
 * Call `nudge` at the moments when a server that loses SIGCHLD may just have lost one; gives back how to stop.
 *
 * Such a server closes the terminal right after the signal was lost, and the terminal's entry disappears. `gone` tells
 * whether one has: entries of other programs go as well, and a nudge too many costs nothing.
 */
export function watchMissedExits(nudge: (gone: boolean) => void, folder: string = TERMINALS): () => void {
  let slow: NodeJS.Timeout | undefined;
  const fallBack = () => {
    slow ??= setInterval(() => nudge(false), SLOW).unref();
  };
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      if (name === null || !existsSync(join(folder, name))) nudge(true);
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
