import { readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { homeFolder } from '../control/home.ts';
import { colonyHome, colonyPaths, nameIndexPath, newColonyPath } from '../control/paths.ts';
import type { Result } from '../reconciler/types.ts';
import type { Failure } from './failure.ts';
import { locate } from './locate.ts';

/** Which configuration a command is about. */
export type FileOptions = { readonly file: string | undefined; readonly profiles: readonly string[] };

/** A colony that a command may talk to or start. */
export type Colony = {
  readonly name: string;
  /** Absolute path of its colony.yaml. */
  readonly path: string;
  /** The folder of all colonies. */
  readonly home: string;
  /** The folder of this colony. */
  readonly dir: string;
  readonly socket: string;
  readonly log: string;
  /** Is there from the first apply to the end of a down. */
  readonly owner: string;
  /** Is there while the colony is enabled. */
  readonly login: string;
  /** The name is the one under which this very file was applied before. */
  readonly applied: boolean;
};

/**
 * Find the colony's file and its name.
 *
 * The name comes from the index, because reading YAML costs more than the whole rest of a command; a file that was
 * never applied is read, and its mistakes are the failure.
 */
export async function findColony(options: FileOptions): Promise<Result<Colony, Failure>> {
  const home = coloniesFolder();
  const path = findFile(options.file);
  if (!path.ok) return path;
  const indexed = indexedName(home, path.value);
  if (indexed !== undefined) return { ok: true, value: colonyOf(home, indexed, path.value, true) };
  const { checkFile } = await import('./check-file.ts');
  const checked = checkFile(path.value, options.profiles);
  return checked.ok ? { ok: true, value: colonyOf(home, checked.value.name, path.value, false) } : checked;
}

/**
 * Find the colony's file, for a command that starts a supervisor if none runs.
 *
 * A file that was never applied is not read: the supervisor does that anyway, and reading it takes as long as starting
 * ten agents. Until then the colony goes by the name of its folder, and has a log that the supervisor takes along.
 */
export function findOrMakeColony(options: FileOptions): Result<Colony, Failure> {
  const home = coloniesFolder();
  const path = findFile(options.file);
  if (!path.ok) return path;
  const indexed = indexedName(home, path.value);
  return {
    ok: true,
    value: indexed === undefined ? newColony(home, path.value) : colonyOf(home, indexed, path.value, true),
  };
}

function newColony(home: string, path: string): Colony {
  const place = newColonyPath(home, path);
  const name = basename(dirname(path));
  return {
    name,
    path,
    home,
    dir: dirname(place),
    socket: `${place}.sock`,
    log: `${place}.log`,
    owner: `${place}.owner`,
    login: `${place}.login`,
    applied: false,
  };
}

/** The same colony under the name that the index has by now: the supervisor writes it when it starts. */
export function lookAgain(colony: Colony): Colony {
  const name = indexedName(colony.home, colony.path);
  return name === undefined ? colony : colonyOf(colony.home, name, colony.path, true);
}

/** Absolute path of colony.yaml. */
export function findFile(file: string | undefined): Result<string, Failure> {
  const home = coloniesFolder();
  // The folder that a shell is in may have been deleted, and who names the file by its whole path needs none.
  const cwd = file !== undefined && isAbsolute(file) ? '/' : process.cwd();
  return locate({ file, cwd, known: (path) => indexedName(home, path) !== undefined });
}

/** The folder of all colonies; absolute, because the supervisor runs in another folder than this command. */
function coloniesFolder(): string {
  return resolve(colonyHome(process.env, homeFolder()));
}

function colonyOf(home: string, name: string, path: string, applied: boolean): Colony {
  const { dir, socket, log, owner, login } = colonyPaths(home, name, process.getuid?.() ?? 0);
  return { name, path, home, dir, socket, log, owner, login, applied };
}

function indexedName(home: string, path: string): string | undefined {
  try {
    return readFileSync(nameIndexPath(home, path), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
