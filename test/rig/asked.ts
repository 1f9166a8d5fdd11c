import { readFileSync } from 'node:fs';
import { call } from '../../src/control/client.ts';
import type { TestColony } from './colony.ts';
import { waitFor } from './wait.ts';

/** A connected socket, as the kernel lists it. */
const CONNECTED = '03';

/**
 * Wait until a command has asked the supervisor and has no answer yet: a program that was only just started has not asked.
 *
 * The kernel tells of the connection as soon as it is made, which is when the question is sent on it; what is asked
 * after that is answered after the supervisor has heard of it.
 */
export async function somebodyWaits(colony: TestColony): Promise<void> {
  const { socket } = colony.paths;
  await waitFor('somebody to wait for the supervisor', () => connectionsTo(socket) > 0);
  await call(socket, 'GET', '/v1/version');
}

function connectionsTo(socket: string): number {
  const sockets = readFileSync('/proc/net/unix', 'utf8').split('\n');
  return sockets.filter((line) => line.endsWith(` ${socket}`) && line.split(/\s+/)[5] === CONNECTED).length;
}
