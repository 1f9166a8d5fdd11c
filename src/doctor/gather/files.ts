import { accessSync, constants, type Dirent, existsSync, lstatSync, readdirSync, statfsSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, dirname, join } from 'node:path';
import type { ColonyPaths } from '../../control/paths.ts';
import type { AgentName, Bytes, Millis } from '../../reconciler/types.ts';
import { ownerOf } from '../../supervisor/owner.ts';

/** More files than a colony of a thousand agents has; further ones are not looked at. */
const MOST = 20_000;

/** What a program leaves in the spool is taken within seconds while a supervisor runs. */
const OLD: Millis = 24 * 3_600_000;

/** Free bytes for this user on the disk of the nearest folder that is there. */
export function freeAt(path: string): Bytes | undefined {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return dirname(path) === path ? undefined : freeAt(dirname(path));
  }
}

/** Why this user cannot write in a folder, or in the nearest one in which it would have to be made. */
export function unwritable(path: string): string | undefined {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' && dirname(path) !== path ? unwritable(dirname(path)) : `${code ?? 'refused'}: ${path}`;
  }
}

/** The files of all colonies below a folder that are up, and whose file is not there. */
export function lostIn(home: string): readonly string[] {
  return namesIn(home).flatMap((name) => {
    const owner = ownerOf({ owner: join(home, name, 'owner.json') });
    return owner === undefined || existsSync(owner) ? [] : [owner];
  });
}

/** Files and folders below a folder that others than their owner may do anything with, or that another user owns. */
export function looseIn(dir: string): readonly string[] {
  const uid = process.getuid?.();
  return [dir, ...below(dir)].filter((path) => {
    const info = look(path);
    if (!info || info.isSymbolicLink()) return false;
    return (info.mode & 0o077) !== 0 || (uid !== undefined && info.uid !== uid);
  });
}

/** What another user does not let anybody look at is not loose. */
function look(path: string) {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function below(dir: string): readonly string[] {
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .slice(0, MOST)
      .map((entry: Dirent) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

/** What is left of agents, processes and programs that are gone. `known`: the agents that anybody may still ask about. */
export async function staleFiles(paths: ColonyPaths, known: ReadonlySet<AgentName>): Promise<readonly string[]> {
  const ofAgents = [paths.screens, paths.output].flatMap((folder) =>
    namesIn(folder)
      .filter((name) => ![...known].some((agent) => name === agent || name.startsWith(`${agent}.`)))
      .map((name) => join(folder, name)),
  );
  const unread = namesIn(paths.spool)
    .map((name) => join(paths.spool, name))
    .filter((path) => Date.now() - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > OLD);
  const sockets = existsSync(paths.socket) && !(await isHeard(paths.socket)) ? [paths.socket] : [];
  return [...sockets, ...deadDrafts(paths.lock), ...ofAgents, ...unread];
}

/** A lock that was being written by a process that is not there any more. */
function deadDrafts(lock: string): readonly string[] {
  const start = `${basename(lock)}-new-`;
  return namesIn(dirname(lock))
    .filter((name) => name.startsWith(start) && !isThere(Number(name.slice(start.length))))
    .map((name) => join(dirname(lock), name));
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isHeard(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.on('connect', () => connection.end(() => resolve(true)));
    connection.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED'));
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
