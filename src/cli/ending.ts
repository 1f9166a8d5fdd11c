import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { call } from '../control/client.ts';
import type { DownRequest, Version } from '../control/protocol.ts';
import type { Millis } from '../reconciler/types.ts';
import type { Colony } from './colony.ts';
import { follow, type Outcome } from './follow.ts';

/** After its last word a supervisor needs milliseconds to be gone. */
const GONE_DEADLINE: Millis = 5_000;

/** A supervisor that leaves its agents running has nothing to wait for; one that is not gone by then hangs. */
const LEAVE_DEADLINE: Millis = 10_000;

/**
 * Have the supervisor end, with its agents or alone, and wait until it is gone: an apply that comes right after this
 * must not meet the old one, which holds the colony until its process has ended.
 */
export async function requestDown(colony: Colony, request: DownRequest): Promise<Outcome> {
  const pid = request.pid ?? (await pidOf(colony));
  const until = request.supervisor_only ? AbortSignal.timeout(LEAVE_DEADLINE) : undefined;
  const outcome = await follow(colony, '/v1/down', request, {}, until);
  if (outcome.kind === 'settled' || outcome.kind === 'ended') await (pid === undefined ? gone(colony) : isLeft(pid));
  return outcome;
}

async function pidOf(colony: Colony): Promise<number | undefined> {
  const version = await call<Partial<Version>>(colony.socket, 'GET', '/v1/version');
  return version.ok ? version.value.pid : undefined;
}

async function gone(colony: Colony): Promise<void> {
  const deadline = performance.now() + GONE_DEADLINE;
  while (performance.now() < deadline) {
    const asked = await call(colony.socket, 'GET', '/v1/version');
    if (!asked.ok && asked.error.kind === 'absent') return;
    await pause(10);
  }
}

/** Wait until a supervisor that was asked to leave has ended, and with it its hold on the colony; false: it has not. */
export async function isLeft(pid: number): Promise<boolean> {
  const deadline = performance.now() + GONE_DEADLINE;
  while (runs(pid)) {
    if (performance.now() > deadline) return false;
    await pause(5);
  }
  return true;
}

/** A zombie has ended; where nobody reaps orphans it stays one for ever. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return true;
  }
}
