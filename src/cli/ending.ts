import { setTimeout as pause } from 'node:timers/promises';
import { call } from '../control/client.ts';
import type { DownRequest } from '../control/protocol.ts';
import type { Millis } from '../reconciler/types.ts';
import type { Colony } from './colony.ts';
import { follow, type Outcome } from './follow.ts';

/** After its last word a supervisor needs milliseconds to be gone. */
const GONE_DEADLINE: Millis = 5_000;

/**
 * Have the supervisor end, with its agents or alone, and wait until it is gone: an apply that comes right after this
 * must not meet the old one.
 */
export async function requestDown(colony: Colony, request: DownRequest): Promise<Outcome> {
  const outcome = await follow(colony, '/v1/down', request, () => {});
  if (outcome.kind === 'settled' || outcome.kind === 'ended') await gone(colony);
  return outcome;
}

async function gone(colony: Colony): Promise<void> {
  const deadline = performance.now() + GONE_DEADLINE;
  while (performance.now() < deadline) {
    const asked = await call(colony.socket, 'GET', '/v1/version');
    if (!asked.ok && asked.error.kind === 'absent') return;
    await pause(10);
  }
}
