import { rmSync } from 'node:fs';

const DEADLINE = 10_000;

/**
 * Remove a test's folder with all that is in it; none is no error.
 *
 * A program that was ended a moment ago may write one more file into a folder that is just being emptied. Node's own
 * `maxRetries` only tries the last `rmdir` again and never sees that file, so the whole removal is tried again here.
 */
export function removeFolder(path: string): void {
  const until = performance.now() + DEADLINE;
  for (;;) {
    try {
      rmSync(path, { recursive: true, force: true });
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
