import type { Millis } from '../reconciler/types.ts';
import type { Colony } from './colony.ts';
import { FileState } from './file-state.ts';
import { follow, reload } from './reload.ts';

export type Reloading = { readonly close: () => Promise<void> };

/** The watch is loaded after the first work is done, as the log is. */
const LOAD_AFTER: Millis = 500;

/**
 * Put the file in force whenever it has changed: at once if the watch tells of it, else with the slow resync.
 *
 * A reload that is under way is not started again: the files are looked at once more when it is through. What counts
 * as known is what a file looked like when it was read, so that a change right after that is not taken for known.
 */
export function reloading(colony: Colony, wake: () => void, onRest: (listener: () => void) => () => void): Reloading {
  const files = new FileState();
  let known = colony.sources;
  let busy = false;
  let told = false;
  files.note(known.files, known.stamps);
  const check = async (changed: boolean): Promise<void> => {
    if (!changed) return;
    told = true;
    if (!busy) await run().finally(wake);
  };
  async function run(): Promise<void> {
    busy = true;
    try {
      while (told) {
        told = false;
        files.note(colony.sources.files);
        await reload(colony);
        takeOver();
        told &&= files.changed(colony.sources.files);
      }
    } finally {
      busy = false;
    }
  }
  const watching = new Promise<void>((resolve) => setTimeout(resolve, LOAD_AFTER).unref())
    .then(() => import('../config/watch.ts'))
    .then(({ ConfigWatch }) => {
      const watch = new ConfigWatch(() => void check(files.changed(colony.sources.files)));
      follow(watch, colony);
      return watch;
    });
  /** An apply, or a reload, has read other files: these are the known ones now. */
  function takeOver(): void {
    if (known === colony.sources) return;
    known = colony.sources;
    files.note(known.files, known.stamps);
    void watching.then((watch) => follow(watch, colony));
  }
  const offRest = onRest(takeOver);
  const slow = setInterval(() => void check(files.changedAndAtRest(colony.sources.files)), SLOW);
  return {
    close: async () => {
      offRest();
      clearInterval(slow);
      await (await watching).close();
    },
  };
}

/** How often the files are looked at for changes that no watch tells of. */
const SLOW: Millis = 5_000;
