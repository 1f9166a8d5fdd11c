import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { call } from '../../src/control/client.ts';
import { readTable } from '../../src/processes/table.ts';
import type { TestColony } from './colony.ts';
import { waitFor } from './wait.ts';

/**
 * Wait until a command of this test has asked the supervisor and has no answer yet: one that was only just started has not
 * asked.
 *
 * The kernel tells of the connection as soon as it is made, which is when the question is sent on it; what is asked
 * after that is answered after the supervisor has heard of it. At the supervisor's end there may still be connections of
 * those who have gone, so the ends of the commands are looked at.
 */
export async function somebodyWaits(colony: TestColony): Promise<void> {
  await waitFor('somebody to wait for the supervisor', () => {
    const connected = connectedSockets();
    return commands().some((pid) => socketsOf(pid).some((inode) => connected.has(inode)));
  });
  await call(colony.paths.socket, 'GET', '/v1/version');
}

/** The processes that this one has started. */
function commands(): readonly number[] {
  return [...readTable().values()].flatMap(({ pid, ppid }) => (ppid === process.pid ? [pid] : []));
}

/** The inodes of the sockets that a process has open, but for those by which it was started. */
function socketsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const [, inode] = Number(fd) > 2 ? (/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? []) : [];
      return inode === undefined ? [] : [inode];
    });
  } catch {
    return [];
  }
}

/** A connected socket, as the kernel lists it. */
const CONNECTED = '03';

function connectedSockets(): ReadonlySet<string> {
  const lines = readFileSync('/proc/net/unix', 'utf8').split('\n');
  return new Set(
    lines.flatMap((line) => {
      const [, , , , , state, inode] = line.split(/\s+/);
      return state === CONNECTED && inode !== undefined ? [inode] : [];
    }),
  );
}
