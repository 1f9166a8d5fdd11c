import { EXIT } from '../control/protocol.ts';
import type { Result } from '../reconciler/types.ts';
import { VERSION } from '../version.ts';
import { startSupervisor } from './background.ts';
import type { Colony } from './colony.ts';
import { isLeft, requestDown } from './ending.ts';
import type { Failure } from './failure.ts';
import { print } from './terminal.ts';

/** A supervisor of an older release than this program. */
export type Older = { readonly pid: number; readonly version: string };

/**
 * Have an older supervisor leave its agents running, and start one of this release in its place.
 *
 * Where another program does the same at this moment, one of the two starts the new one: `false` then says that it was
 * not this program. A supervisor that does not leave is left alone: it may be in the middle of something.
 */
export async function replaceSupervisor(
  colony: Colony,
  older: Older,
  profiles: readonly string[],
): Promise<Result<boolean, Failure>> {
  const asked = await requestDown(colony, { supervisor_only: true, pid: older.pid });
  if (!(await isLeft(older.pid))) return { ok: false, error: stays(colony, older) };
  if (asked.kind === 'refused' && asked.problem.code === 'other_supervisor') return { ok: true, value: false };
  const start = await startSupervisor(colony, profiles, { takeOver: true });
  if (!start.ok) return start.error.exit === EXIT.heldElsewhere ? { ok: true, value: false } : start;
  print(`supervisor ${older.version} replaced by ${VERSION}`);
  return { ok: true, value: true };
}

function stays(colony: Colony, { pid, version }: Older): Failure {
  return {
    exit: EXIT.unavailable,
    text: `the supervisor of ${colony.name} (pid ${pid}, version ${version}) was asked to make room for ${VERSION} and did not leave`,
    hint: `its log is ${colony.log}; if it hangs, end it with \`kill -9 ${pid}\` and run \`colony apply\`: its agents keep running and are taken over`,
  };
}
