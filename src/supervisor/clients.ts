import { readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../reconciler/types.ts';
import type { Tmux } from '../tmux/types.ts';
import { send } from './processes/reaper.ts';
import { readProcess } from './processes/table.ts';
import type { Saver } from './state/saver.ts';

/** Write down which processes connect this supervisor to tmux. */
export function noteClients(path: string, tmux: Tmux, saver: Saver): void {
  const clients = tmux.clientPids.flatMap((pid) => readProcess(pid) ?? []);
  saver.save(path, JSON.stringify(clients.map(({ pid, start }) => ({ pid, start }))));
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
