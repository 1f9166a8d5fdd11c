import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ColonyPaths, nameIndexPath } from '../control/paths.ts';
import { EXIT, type Problem } from '../control/protocol.ts';
import type { Result } from '../reconciler/types.ts';
import { privateDir } from './state/files.ts';
import type { Saver } from './state/saver.ts';

/** The colony.yaml that a colony belongs to; undefined if it is down or was never up. */
export function ownerOf(paths: Pick<ColonyPaths, 'owner'>): string | undefined {
  try {
    return (JSON.parse(readFileSync(paths.owner, 'utf8')) as { path: string }).path;
  } catch {
    return undefined;
  }
}

/** Two folders want the same name; or it is one that was moved. */
export function otherFolder(name: string, owner: string): Problem {
  const text = existsSync(owner)
    ? `a colony named "${name}" is up already, from ${owner}. Give one of the two another \`name:\`, or end that one with \`colony down -f ${owner}\`.`
    : `the colony "${name}" is up from ${owner}, which is not there any more. If its folder was moved here, run \`colony down --supervisor-only -f ${owner}\` and then \`colony apply\`, which takes its agents over; if not, end it with \`colony down -f ${owner}\`.`;
  return { code: 'other_folder', exit: EXIT.heldElsewhere, text };
}

/**
 * Why the folder of this colony.yaml cannot have the name; undefined: it can.
 *
 * A colony's name belongs to the folder that used it first, for as long as that file exists.
 */
export function takenBy(paths: ColonyPaths, name: string, path: string): Problem | undefined {
  const owner = ownerOf(paths);
  return owner !== undefined && owner !== path && existsSync(owner) ? otherFolder(name, owner) : undefined;
}

/** Write down that the name belongs to the folder of this colony.yaml. */
export function own(paths: ColonyPaths, name: string, path: string, home: string, saver: Saver): Result<void, Problem> {
  const taken = takenBy(paths, name, path);
  if (taken) return { ok: false, error: taken };
  if (ownerOf(paths) !== path) saver.save(paths.owner, JSON.stringify({ path }));
  const index = nameIndexPath(home, path);
  if (!existsSync(index) || readFileSync(index, 'utf8') !== name) {
    makeDir(dirname(index));
    saver.save(index, name);
  }
  return { ok: true, value: undefined };
}

/** Without it the name is read from the file itself, which is only slower. */
function makeDir(path: string): void {
  try {
    privateDir(path);
  } catch {
    // The saver says that the file in it cannot be written.
  }
}

/** The name that the colony of this colony.yaml had last, without reading the file; undefined: none is known. */
export function rememberedName(home: string, path: string): string | undefined {
  try {
    return readFileSync(nameIndexPath(home, path), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
