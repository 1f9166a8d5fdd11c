import { colonyPaths } from '../control/paths.ts';
import type { Problem } from '../control/protocol.ts';
import type { Desired, Result } from '../reconciler/types.ts';
import { lastGood, lastProfiles, loadFile } from './configuration.ts';
import { type Environment, loadEnvironment, scrub } from './environment.ts';
import { rememberedName } from './owner.ts';
import type { Read } from './stamps.ts';

/** The configuration that a supervisor begins with, and what it captured of the environment. */
export type Beginning = {
  readonly name: string;
  readonly desired: Desired;
  /** What the file says; undefined if the last configuration that was in force stands in for it. */
  readonly fromFile: Read | undefined;
  /** What is wrong with the file. */
  readonly error: string | undefined;
  readonly environment: Environment;
};

export type BeginRequest = {
  readonly path: string;
  readonly profiles: readonly string[];
  /** Go on with what was in force, whatever the file says by now. */
  readonly takeOver: boolean;
};

/**
 * The file decides; if it is wrong, the last configuration that was in force stands in for it. Who takes over goes on
 * with that one.
 */
export function beginning(request: BeginRequest, home: string, uid: number): Result<Beginning, Problem> {
  const known = rememberedName(home, request.path);
  const captured = known === undefined ? undefined : loadEnvironment(colonyPaths(home, known, uid).environment);
  const environment = captured ?? scrub(process.env);
  const kept = known === undefined ? undefined : colonyPaths(home, known, uid).desired;
  const profiles = kept !== undefined && request.takeOver ? lastProfiles(kept) : request.profiles;
  const loaded = loadFile(request.path, profiles, environment, false);
  const desired = kept === undefined ? undefined : lastGood(kept);
  if (known !== undefined && desired && (request.takeOver || !loaded.ok)) {
    const error = loaded.ok ? undefined : loaded.error.text;
    return { ok: true, value: { name: known, desired, fromFile: undefined, error, environment } };
  }
  if (!loaded.ok) return loaded;
  const { value: fromFile } = loaded;
  const { name } = fromFile.desired;
  return { ok: true, value: { name, desired: fromFile.desired, fromFile, error: undefined, environment } };
}
