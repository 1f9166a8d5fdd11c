import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { endCommands } from '../command/sweep.ts';
import type { Colony } from './colony.ts';
import type { Log } from './log.ts';
import type { Opened } from './open.ts';
import type { Reloading } from './reloading.ts';
import { writeScreens } from './screens.ts';

type Parts = { readonly server: Server; readonly log: Log; readonly reloader: Reloading };

/** End this process's part and leave every agent as it is. */
export async function leave({ colony, journal, withdraw }: Opened, parts: Parts, reason: string): Promise<void> {
  const { server, log, reloader } = parts;
  server.close();
  colony.post.close();
  // What was just said to somebody is written at the end of this turn.
  await new Promise((resolve) => setImmediate(resolve));
  server.closeAllConnections();
  colony.prober?.close();
  await endCommands();
  await settle(colony);
  await withdraw();
  await writeScreens();
  journal.announce({ type: 'supervisor_stopped', reason });
  rmSync(colony.paths.socket, { force: true });
  await Promise.all([colony.tmux?.close(), log.close(), reloader.close(), colony.historian?.close()]);
  colony.reports.close();
  colony.reader.close();
  colony.saver.close();
  journal.close();
}

/** A start that is under way takes milliseconds, and is better written down now than found later. */
async function settle(colony: Colony): Promise<void> {
  const deadline = performance.now() + 1_000;
  while ([...colony.operations.values()].some(({ kind }) => kind === 'starting') && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
