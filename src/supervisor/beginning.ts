import { type ColonyPaths, colonyPaths } from '../control/paths.ts';
import type { Problem } from '../control/protocol.ts';
import type { Desired, Result } from '../reconciler/types.ts';
import { loadFile } from './configuration.ts';
import { type Environment, loadEnvironment, scrub } from './environment.ts';
import { lastGood, lastProfiles } from './last-good.ts';
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
  /** Take the environment of this process for the agents, in the place of the one that was captured. */
  readonly refreshEnv: boolean;
};

/**
 * The file decides; if it is wrong, the last configuration that was in force stands in for it. Who takes over goes on
 * with that one.
 */
export function beginning(request: BeginRequest, home: string, uid: number): Result<Beginning, Problem> {
  const known = rememberedName(home, request.path);
  const places = known === undefined ? undefined : colonyPaths(home, known, uid);
  const desired = places && lastGood(places.desired);
  const environment = environmentFor(request, places);
  const profiles = places && request.takeOver ? lastProfiles(places.desired) : request.profiles;
  const loaded = loadFile(request.path, profiles, environment, false);
  if (known !== undefined && desired && (request.takeOver || !loaded.ok)) {
    const error = loaded.ok ? undefined : loaded.error.text;
    return { ok: true, value: { name: known, desired, fromFile: undefined, error, environment } };
  }
  if (!loaded.ok) return loaded;
  const { value: fromFile } = loaded;
  const { name } = fromFile.desired;
  return { ok: true, value: { name, desired: fromFile.desired, fromFile, error: undefined, environment } };
}

function environmentFor({ refreshEnv }: BeginRequest, places: ColonyPaths | undefined): Environment {
  return (refreshEnv || !places ? undefined : loadEnvironment(places.environment)) ?? scrub(process.env);
}
