import { watch } from 'node:fs';
import type { Millis } from '../reconciler/types.ts';

const TERMINALS = '/dev/pts';

/** How often a server is nudged where terminals cannot be watched. */
const SLOW: Millis = 1_000;

/**
 * Call `nudge` at the moments when a server that loses SIGCHLD may just have lost one; gives back how to stop.
 *
 * Such a server closes the terminal right after the signal was lost, and the terminal's entry disappears. Entries of
 * other programs come and go as well; a nudge too many costs nothing.
 */
export function watchMissedExits(nudge: () => void, folder: string = TERMINALS): () => void {
  let slow: NodeJS.Timeout | undefined;
  const fallBack = () => {
    slow ??= setInterval(nudge, SLOW).unref();
  };
  try {
    const watcher = watch(folder, { persistent: false }, nudge);
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
