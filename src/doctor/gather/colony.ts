import { existsSync } from 'node:fs';
import { call } from '../../control/client.ts';
import { type ColonyPaths, colonyPaths } from '../../control/paths.ts';
import type { Version } from '../../control/protocol.ts';
import type { Target } from '../../login/types.ts';
import { emptyLedger } from '../../reconciler/ledger.ts';
import type { Desired } from '../../reconciler/types.ts';
import { loadFile } from '../../supervisor/configuration.ts';
import { type Environment, loadEnvironment, scrub } from '../../supervisor/environment.ts';
import { lastGood } from '../../supervisor/last-good.ts';
import { ownerOf } from '../../supervisor/owner.ts';
import { type Loaded, load } from '../../supervisor/state/load.ts';
import { VERSION } from '../../version.ts';
import type { ColonyFacts, DriftFacts, SupervisorFacts } from '../types.ts';
import { gatherAgents } from './agents.ts';
import { freeAt, looseIn, lostIn, staleFiles, unwritable } from './files.ts';
import { gatherLogin } from './login.ts';

export type ColonyRequest = {
  readonly home: string;
  readonly name: string;
  readonly path: string;
  readonly target: Target;
};

/** The environment in which the supervisor of a colony works; undefined: that of the shell of its first apply. */
export function capturedFor({ home, name }: ColonyRequest): Environment | undefined {
  return loadEnvironment(colonyPaths(home, name, process.getuid?.() ?? 0).environment);
}

/** Read everything that the checks of a colony need. Nothing is changed, and no supervisor is needed. */
export async function gatherColony(request: ColonyRequest): Promise<ColonyFacts> {
  const { home, name, path, target } = request;
  const paths = colonyPaths(home, name, process.getuid?.() ?? 0);
  const captured = loadEnvironment(paths.environment);
  const environment = captured ?? scrub(process.env);
  const loaded = loadFile(path, [], environment, false);
  const owner = ownerOf(paths);
  const supervisor = await askSupervisor(paths.socket);
  const kept = await keptIn(paths, supervisor);
  const desired =
    (owner === path ? lastGood(paths.desired) : undefined) ?? (loaded.ok ? loaded.value.desired : undefined);
  const ledger = owner === path ? kept.ledger : emptyLedger;
  const known = new Set([...(desired?.agents.keys() ?? []), ...ledger.agents.keys()]);
  return {
    ...{ name, path, dir: paths.dir, version: VERSION, supervisor },
    up: owner === path,
    other: owner === undefined || owner === path ? undefined : { path: owner, there: existsSync(owner) },
    lost: lostIn(home).filter((file) => file !== path),
    unwritable: unwritable(paths.dir),
    mistakes: loaded.ok ? undefined : loaded.error.text,
    login: await gatherLogin(target),
    drift: captured && driftOf(captured, scrub(process.env)),
    agents: desired ? await gatherAgents({ desired: withNew(desired, loaded), ledger, environment, paths }) : [],
    free: freeAt(paths.dir),
    loose: looseIn(paths.dir),
    stale: await staleFiles(paths, known),
    damage: damageText(kept.damage),
    socketMoved: !paths.socket.startsWith(paths.dir),
    tmuxSocket: paths.tmuxSocket,
  };
}

/** Agents that stand in the file and are not in force yet are looked at as well: what they lack is known before. */
function withNew(inForce: Desired, loaded: ReturnType<typeof loadFile>): Desired {
  if (!loaded.ok) return inForce;
  return { ...inForce, agents: new Map([...inForce.agents, ...loaded.value.desired.agents]) };
}

async function askSupervisor(socket: string): Promise<SupervisorFacts> {
  const asked = await call<Version>(socket, 'GET', '/v1/version');
  if (asked.ok) return { is: 'there', pid: asked.value.pid, version: asked.value.version };
  const { error } = asked;
  if (error.kind === 'absent' || error.kind === 'silent') return { is: error.kind };
  return { is: 'strange', why: error.kind === 'broken' ? error.why : error.problem.text };
}

/** A supervisor that is writing at this moment may be met in the middle of a line. */
async function keptIn(paths: ColonyPaths, supervisor: SupervisorFacts): Promise<Loaded> {
  const first = load(paths);
  if (!first.damage || supervisor.is === 'absent') return first;
  await new Promise((resolve) => setTimeout(resolve, 200));
  return load(paths);
}

function damageText(damage: Loaded['damage']): string | undefined {
  if (!damage) return undefined;
  const { unreadable, missing, ledger } = damage;
  const parts = [
    unreadable > 0 ? `${unreadable} ${unreadable === 1 ? 'line' : 'lines'} cannot be read` : '',
    missing.length > 0 ? `entries are missing (${missing.map(({ from, to }) => `${from} to ${to}`).join(', ')})` : '',
    ledger === undefined ? '' : `the ledger beside it ${ledger}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

/** Of one terminal or one login, and different in every shell; none means anything to an agent. */
const FLEETING =
  /^(SSH_|SYSTEMD_|XDG_SESSION|XDG_VTNR|XDG_SEAT|DBUS_|DISPLAY$|WAYLAND_|WINDOW|GPG_|INVOCATION_ID$|JOURNAL_|LS_COLORS$|COLONY_|VSCODE_|MAIL$|SHELL_SESSION|LESS|NODE$)/;

function driftOf(captured: Environment, shell: Environment): DriftFacts {
  const names = (one: Environment) => Object.keys(one).filter((name) => !FLEETING.test(name));
  return {
    changed: names(captured)
      .filter((name) => name in shell && captured[name] !== shell[name])
      .sort(),
    captured: names(captured)
      .filter((name) => !(name in shell))
      .sort(),
    here: names(shell)
      .filter((name) => !(name in captured))
      .sort(),
  };
}
