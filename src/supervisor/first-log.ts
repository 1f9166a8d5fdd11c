import { existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Take along the log that a new colony was started with, before anybody knew its name.
 *
 * This process goes on writing into the same file under its new name. If the colony has a log of earlier days, that
 * one is kept, and the words of this process stand beside it.
 */
export function takeFirstLog(from: string | undefined, log: string): void {
  if (from === undefined || !existsSync(from)) return;
  renameSync(from, existsSync(log) ? join(dirname(log), 'supervisor.err') : log);
}
