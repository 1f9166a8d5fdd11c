import { call } from '../control/client.ts';
import { EXIT, type Version } from '../control/protocol.ts';
import { isNewer } from '../control/semver.ts';
import { VERSION } from '../version.ts';
import { findColony } from './colony.ts';
import { requestDown } from './ending.ts';
import type { Failure } from './failure.ts';

/**
 * Have whoever supervises this colony leave, so that the supervisor of a service manager takes the place. No agent is
 * touched. A newer release stays: an older one never replaces it.
 */
export async function makeRoom(path: string): Promise<Failure | undefined> {
  const found = await findColony({ file: path, profiles: [] });
  // A file that is wrong by now is not the end: the last configuration that was in force stands in for it.
  if (!found.ok) return undefined;
  const asked = await call<Version>(found.value.socket, 'GET', '/v1/version');
  if (!asked.ok) return undefined;
  const { pid, version } = asked.value;
  if (isNewer(version, VERSION)) return newerRuns(found.value.name, version);
  // One that stays holds the colony, and the lock says so.
  await requestDown(found.value, { supervisor_only: true, pid });
  return undefined;
}

function newerRuns(colony: string, version: string): Failure {
  return {
    exit: EXIT.heldElsewhere,
    text: `a supervisor of ${colony} of a newer release (${version}) runs, and stays; this is ${VERSION}`,
    hint: `run \`colony enable\` with colony ${version}, so that it is the one that is started`,
  };
}
