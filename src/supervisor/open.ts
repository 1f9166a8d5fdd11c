import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { serve } from '../command/register.ts';
import { call } from '../control/client.ts';
import { homeFolder } from '../control/home.ts';
import { type ColonyPaths, colonyHome, colonyPaths } from '../control/paths.ts';
import { EXIT, type Problem, type Version } from '../control/protocol.ts';
import type { Manager } from '../login/types.ts';
import { Reaper } from '../processes/reaper.ts';
import type { Desired, Result } from '../reconciler/types.ts';
import { VERSION } from '../version.ts';
import { type BeginRequest, beginning } from './beginning.ts';
import { endAbandonedClients } from './clients.ts';
import { steadyClock } from './clock.ts';
import { type Colony, nothingMeasured } from './colony.ts';
import { Departed } from './departed.ts';
import { type Environment, saveEnvironment } from './environment.ts';
import { atRisk, methodsAtRisk } from './faults.ts';
import { takeFirstLog } from './first-log.ts';
import { lastGood } from './last-good.ts';
import { otherFolder, own, ownerOf, takenBy } from './owner.ts';
import { NOT_LOOKED_YET } from './pass.ts';
import { Remembered } from './remembered.ts';
import { Reports } from './reports/reports.ts';
import type { Read } from './stamps.ts';
import { privateDir, refusal } from './state/files.ts';
import { Journal } from './state/journal.ts';
import { type Holder, isHeldOutOfSight, keepSpare, takeLock } from './state/lock.ts';
import { Saver } from './state/saver.ts';

export type OpenRequest = BeginRequest & {
  /** The service manager that started this process. */
  readonly manager: Manager | undefined;
  /** Where this process writes if the colony's name was not known when it was started. */
  readonly firstLog: string | undefined;
};

/** A colony that this process holds, and the configuration to begin with. */
export type Opened = {
  readonly colony: Colony;
  readonly journal: Journal;
  /** What the file says; undefined if the last configuration that was in force stands in for it. */
  readonly fromFile: Read | undefined;
  /** What to connect to tmux for. */
  readonly desired: Desired;
  /** To be called at the end: a colony of which nothing was ever put in force is not up, and has captured nothing. */
  readonly withdraw: () => Promise<void>;
};

/** Take a colony for this process: its name, its folder, its lock, its past. */
export async function openColony(request: OpenRequest): Promise<Result<Opened, Problem>> {
  const home = colonyHome(process.env, homeFolder());
  const uid = process.getuid?.() ?? 0;
  const begun = beginning(request, home, uid);
  if (!begun.ok) return begun;
  const { name, desired, fromFile, error, environment } = begun.value;
  const paths = colonyPaths(home, name, uid);
  const owner = ownerOf(paths);
  const taken = takenBy(paths, name, request.path);
  if (taken) return { ok: false, error: taken };
  if (await isHeldElsewhere(paths)) return { ok: false, error: heldByContainer(name, home) };
  const held = hold(paths, name, home);
  if (!held.ok) return isMoved(owner, request, held.error) ? { ok: false, error: otherFolder(name, owner) } : held;
  takeFirstLog(request.firstLog, paths.log);
  endAbandonedClients(paths.clients);
  serve(paths.dir);
  const saver = new Saver();
  const owned = own(paths, name, request.path, home, saver);
  if (!owned.ok) return owned;
  const captured = capture(paths, environment, request, saver);
  const mine = [...(owner === request.path ? [] : [paths.owner]), ...captured];
  const clock = steadyClock(`${home}/clock.json`, saver);
  const journal = methodsAtRisk(new Journal(paths, clock, Date.now), ['announce', 'close']);
  saver.tell((event) => journal.announce(event));
  const colony: Colony = {
    name,
    path: request.path,
    paths,
    clock,
    journal,
    saver,
    historian: undefined,
    reaper: methodsAtRisk(new Reaper(), ['tree', 'sweep']),
    reports: new Reports({
      folder: paths.spool,
      clock,
      ledger: () => journal.ledger,
      listen: (on) => journal.listen(on),
    }),
    home: process.env.COLONY_HOME,
    since: Date.now(),
    manager: request.manager,
    unsheltered: undefined,
    desired: lastGood(paths.desired),
    goal: 'run',
    hurry: false,
    departed: new Departed(paths.departed, saver),
    armed: false,
    settledIn: false,
    environment,
    config: { error },
    remembered: fromFile && new Remembered(fromFile, { profiles: fromFile.desired.profiles, environment }),
    sources: { files: [request.path], patterns: [], stamps: new Map() },
    observed: { known: false, at: clock(), why: NOT_LOOKED_YET },
    tmux: undefined,
    tmuxDown: undefined,
    operations: new Map(),
    busy: new Map(),
    ...nothingMeasured(),
  };
  journal.announce({ type: 'supervisor_started', pid: process.pid, version: VERSION });
  return { ok: true, value: { colony, journal, fromFile, desired, withdraw: () => withdraw(colony, mine) } };
}

/** Keep the environment for the supervisors to come; the answer is its file if there was none. */
function capture(paths: ColonyPaths, environment: Environment, { refreshEnv }: OpenRequest, saver: Saver) {
  const isNew = !existsSync(paths.environment);
  if (isNew || refreshEnv) saveEnvironment(paths.environment, environment, saver);
  return isNew ? [paths.environment] : [];
}

/** The next apply may come from the shell that finds tmux, so its environment is the one to capture. */
async function withdraw({ desired, saver, tmux }: Colony, files: readonly string[]): Promise<void> {
  if (desired) return;
  for (const file of files) {
    saver.forget(file);
    rmSync(file, { force: true });
  }
  await tmux?.shutdown();
}

/** Whoever holds the colony does so for a file that is gone: its folder may be here by now. */
function isMoved(owner: string | undefined, { path }: OpenRequest, { code }: Problem): owner is string {
  return code === 'held_elsewhere' && owner !== undefined && owner !== path;
}

/** Whether a supervisor in another container has this folder; where its process cannot be seen its socket can be asked. */
async function isHeldElsewhere({ dir, lock, socket }: ColonyPaths): Promise<boolean> {
  if (!existsSync(dir) || !isHeldOutOfSight(lock)) return false;
  const asked = await call<Version>(socket, 'GET', '/v1/version');
  return asked.ok || asked.error.kind !== 'absent';
}

/** Take the folder and the lock. Without a lock nothing may be done, so this is the one file that cannot wait. */
function hold(paths: ColonyPaths, name: string, home: string): Result<void, Problem> {
  try {
    for (const dir of [home, paths.dir, paths.screens, paths.spool, dirname(paths.socket)]) privateDir(dir);
    const locked = atRisk('takeLock', takeLock)(paths.lock);
    if (!locked.ok) return { ok: false, error: heldElsewhere(name, locked.error) };
    keepSpare(paths.lock);
    return locked;
  } catch (error) {
    const text = `the lock of the colony "${name}" cannot be written in ${paths.dir}: ${refusal(error)}. Its agents run on; make room there and try again.`;
    return { ok: false, error: { code: 'unwritable', exit: EXIT.unavailable, text } };
  }
}

function heldByContainer(name: string, home: string): Problem {
  const text = `another supervisor, in another container, holds the colony "${name}": give each container a folder of its own instead of ${home}`;
  return { code: 'held_elsewhere', exit: EXIT.heldElsewhere, text };
}

function heldElsewhere(name: string, holder: Holder): Problem {
  const text = `another supervisor (pid ${holder.pid}) holds the colony "${name}"`;
  return { code: 'held_elsewhere', exit: EXIT.heldElsewhere, text };
}
