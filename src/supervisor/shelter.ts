import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Manager } from '../login/types.ts';
import { environmentText, runIn } from '../processes/environ.ts';
import { readTable, type Table } from '../processes/table.ts';
import { treeOf } from '../processes/tree.ts';
import type { Shelter } from '../tmux/types.ts';
import type { Colony } from './colony.ts';
import type { Environment } from './environment.ts';

/** What systemd-run needs and sets in the environment, and a tmux server is to have as everybody else has it. */
const TOUCHED = ['XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS', 'INVOCATION_ID'];

/** What systemd-run needs to find the service manager of this user. */
const NEEDED = ['XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'];

/** A name that no scope of an earlier server can still have. */
function scopeName(colony: string): string {
  return `colony-${colony}-tmux-${randomBytes(4).toString('hex')}.scope`;
}

/**
 * Ways to make a tmux server outside of the service that this supervisor is: stopping that one must not end an agent.
 *
 * At a shutdown the service ends before the scope does, or the supervisor would take the end of each agent for a crash.
 * The second way is for a systemd that does not know the policy of a scope; both need no more than a few milliseconds.
 */
export function shelters(
  colony: string,
  manager: Manager | undefined,
  captured: Environment,
  own: Readonly<Record<string, string | undefined>> = process.env,
): readonly Shelter[] {
  if (manager !== 'systemd') return [];
  const environment = Object.fromEntries(NEEDED.flatMap((name) => (own[name] ? [[name, own[name]]] : [])));
  const back = TOUCHED.flatMap((name) => (captured[name] === undefined ? ['-u', name] : []));
  const set = TOUCHED.flatMap((name) => (captured[name] === undefined ? [] : [`${name}=${captured[name]}`]));
  const run = (...more: string[]): Shelter => ({
    argv: [
      ...(['systemd-run', '--user', '--scope', '--quiet', '--collect', `--unit=${scopeName(colony)}`] as const),
      ...[`--description=tmux of the colony ${colony}`, '-p', `Before=colony-${colony}.service`, ...more],
      ...['--', 'env', ...back, ...set],
    ],
    environment,
  });
  return [run('-p', 'OOMPolicy=continue'), run()];
}

/** What is said where all of that fails. */
export function unshelteredText(why: string): string {
  return `tmux runs inside of the service, because systemd-run did not work: ${why}. Restarting or stopping the service leaves it alone all the same.`;
}

/** How often it is looked whether something was started meanwhile, or has ended. */
const ROUNDS = 5;

/**
 * Bring a tmux server that an `apply` has started in a login, and all agents, into a scope of the service manager: there
 * they outlive the last logout, and a shutdown ends them after the supervisor. No process notices.
 *
 * A server that belongs to somebody else is left where it is; so is everything if systemd refuses.
 */
export async function moveIntoShelter(colony: Colony): Promise<void> {
  const { manager, tmux, name, paths } = colony;
  if (manager !== 'systemd' || !tmux || colony.desired?.tmux.server.kind !== 'own') return;
  const service = `/user@${process.getuid?.() ?? 0}.service/`;
  const isHome = (pid: number) => {
    const place = placeOf(pid);
    return place === undefined || (place.includes(service) && !place.endsWith(`/colony-${name}.service`));
  };
  if (isHome(tmux.serverPid)) return;
  const scope = scopeName(name);
  let made = false;
  let why = '';
  for (let round = 0; round < ROUNDS; round++) {
    const pids = members(readTable(), tmux.serverPid, paths.spool).filter((pid) => !isHome(pid));
    if (pids.length === 0) return;
    const said = await busctl(made ? attaching(scope, pids) : making(scope, name, pids));
    made ||= said === undefined;
    why = said ?? why;
  }
  if (!made)
    colony.unsheltered = `tmux could not be moved out of the login it was started in (${why}): it may end with the last logout`;
}

/** Where systemd keeps a process; undefined for one that has gone. */
function placeOf(pid: number): string | undefined {
  try {
    const lines = readFileSync(`/proc/${pid}/cgroup`, 'latin1').split('\n');
    // A machine with both hierarchies keeps services in that of systemd's own.
    const line = lines.find((text) => text.includes(':name=systemd:')) ?? lines.find((text) => text.startsWith('0::'));
    return line?.split(':').slice(2).join(':');
  } catch {
    return undefined;
  }
}

/** The server, everything below it, and what an agent has started and has left its tree. */
function members(table: Table, server: number, spool: string): readonly number[] {
  const below = treeOf(table, [server]).map(({ pid }) => pid);
  // Another colony may have the same name, but never the same folder.
  const mark = Buffer.from(`COLONY_SPOOL=${spool}`).toString('latin1');
  const left = [...table.keys()].filter((pid) => {
    const environment = environmentText(pid);
    return runIn(environment) !== undefined && environment.split('\0').includes(mark);
  });
  return [...new Set([...below, ...left])];
}

const MANAGER = ['org.freedesktop.systemd1', '/org/freedesktop/systemd1', 'org.freedesktop.systemd1.Manager'];

function making(scope: string, colony: string, pids: readonly number[]): readonly string[] {
  const properties = [
    ['PIDs', 'au', String(pids.length), ...pids.map(String)],
    ['Before', 'as', '1', `colony-${colony}.service`],
    ['Description', 's', `tmux of the colony ${colony}`],
    ['CollectMode', 's', 'inactive-or-failed'],
  ];
  const words = [String(properties.length), ...properties.flat(), '0'];
  return ['StartTransientUnit', 'ssa(sv)a(sa(sv))', scope, 'fail', ...words];
}

function attaching(scope: string, pids: readonly number[]): readonly string[] {
  return ['AttachProcessesToUnit', 'ssau', scope, '', String(pids.length), ...pids.map(String)];
}

/** Undefined if it was done, else what was said. */
function busctl(call: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('busctl', ['--user', 'call', ...MANAGER, ...call], { timeout: 5_000 }, (error, _, said) => {
      resolve(error ? said.trim() || error.message : undefined);
    });
  });
}
