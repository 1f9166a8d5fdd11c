import { randomBytes } from 'node:crypto';
import { access, chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hookScript } from '../../agents/hook-script.ts';
import type { Place } from '../../agents/launcher.ts';
import type { ColonyPaths } from '../../control/paths.ts';
import type { AgentName, AgentSpec } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';
import { settingsFor } from './settings.ts';

/** The folder for conversations that no program has a place of its own for. */
export function conversationsIn({ inject }: ColonyPaths): string {
  return join(inject, 'conversations');
}

/**
 * Write what a program is given, whole and before each of its starts, in a folder that only its owner can look into.
 *
 * The answer is the path of the settings; undefined if it is given none. A full disk stops nobody: then the file of the
 * last start has to do, or the program is started without.
 */
export async function inject({ paths }: Colony, spec: AgentSpec, place: Place): Promise<string | undefined> {
  if (spec.kind === 'aider') await mkdir(place.folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
  const hook = join(paths.inject, 'hook');
  const settings = await settingsFor(spec, hook, place);
  if (!settings) return undefined;
  const path = settingsPath(paths, spec.name);
  try {
    await mkdir(paths.inject, { recursive: true, mode: 0o700 });
    await replace(hook, hookScript({ node: process.execPath, colony: process.argv[1] ?? 'colony' }), 0o700);
    await replace(path, JSON.stringify(settings, undefined, 2), 0o600);
  } catch {
    return (await isThere(path)) && (await isThere(hook)) ? path : undefined;
  }
  return path;
}

/** Nothing of this agent is left. */
export async function forgetInjected({ paths }: Colony, agent: AgentName): Promise<void> {
  await rm(settingsPath(paths, agent), { force: true }).catch(() => undefined);
}

/** Remove the settings of agents that are neither in the file nor there: whoever removed them was killed before that. */
export async function tidyInjected({ paths, desired, observed }: Colony): Promise<void> {
  if (!desired || !observed.known) return;
  const files = await readdir(paths.inject).catch(() => []);
  const left = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  const gone = left.filter((agent) => !desired.agents.has(agent) && !observed.sessions.has(agent));
  await Promise.all(gone.map((agent) => rm(settingsPath(paths, agent), { force: true }).catch(() => undefined)));
}

function settingsPath({ inject }: ColonyPaths, agent: AgentName): string {
  return join(inject, `${agent}.json`);
}

/** A reader meets the old text or the new one and never a part; the same text again touches nothing. */
async function replace(path: string, text: string, mode: number): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return;
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, text, { mode });
    // The mask of this process may have taken a right away.
    await chmod(temporary, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
