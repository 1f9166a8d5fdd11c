import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { send } from '../processes/reaper.ts';
import { isRunning, readProcess } from '../processes/table.ts';
import type { ProcessIdentity } from '../reconciler/types.ts';

/** Write down a process that connects this supervisor to tmux, beside those that still do. */
export function noteClient(path: string, pid: number): void {
  const born = readProcess(pid);
  if (!born) return;
  const client: ProcessIdentity = { pid, start: born.start };
  const clients = JSON.stringify([...readClients(path).filter(isRunning), client]);
  const temporary = `${path}.tmp`;
  try {
    // Not synced to the disk: it has to outlive this process and not the machine, and time counts here.
    writeFileSync(temporary, clients, { mode: 0o600 });
    renameSync(temporary, path);
  } catch {
    // On a full disk: whoever comes after a SIGKILL then has a tmux client more to live with.
    rmSync(temporary, { force: true });
  }
}

/**
 * End the tmux clients of an earlier supervisor of this colony.
 *
 * One whose supervisor was killed while the server had something to tell it can neither say it nor leave, and a server
 * with such a client never ends. The caller holds the lock, so nobody needs them any more.
 */
export function endAbandonedClients(path: string): void {
  for (const client of readClients(path)) send(client, 'SIGKILL');
}

function readClients(path: string): readonly ProcessIdentity[] {
  try {
    const clients = JSON.parse(readFileSync(path, 'utf8')) as unknown;
    return Array.isArray(clients) ? (clients as ProcessIdentity[]) : [];
  } catch {
    return [];
  }
}
