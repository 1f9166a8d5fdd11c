import { readFileSync } from 'node:fs';
import { colonyPaths } from '../../control/paths.ts';
import { type Colony, type FileOptions, findOrMakeColony } from '../colony.ts';

/** What of a colony can stand on a command line. */
export type Known = {
  readonly agents: readonly { readonly name: string; readonly about: string }[];
  /** `key=value` each. */
  readonly labels: readonly string[];
};

type Agent = { readonly name: string; readonly description: string; readonly labels: Readonly<Record<string, string>> };

const NOTHING: Known = { agents: [], labels: [] };

/**
 * The agents of the configuration that is in force, and of the file if none is. Nobody is asked: a person who waits for a
 * word to be completed does not want to wait for a supervisor that hangs.
 */
export async function knownOf(options: FileOptions): Promise<Known> {
  const colony = findOrMakeColony(options);
  if (!colony.ok) return NOTHING;
  const agents = inForce(colony.value) ?? (await inFile(colony.value, options.profiles));
  const labels = agents.flatMap((agent) => Object.entries(agent.labels).map(([key, value]) => `${key}=${value}`));
  return {
    agents: agents.map(({ name, description }) => ({ name, about: description })),
    labels: [...new Set(labels)].sort(),
  };
}

/** The profiles that may be asked for. */
export async function profilesOf(options: FileOptions): Promise<readonly string[]> {
  const colony = findOrMakeColony(options);
  if (!colony.ok) return [];
  const { profilesIn } = await import('../check-file.ts');
  return profilesIn(colony.value.path);
}

/** As the supervisor keeps it; whatever else is found there is nothing to complete from. */
function inForce({ applied, home, name }: Colony): readonly Agent[] | undefined {
  if (!applied) return undefined;
  try {
    const text = readFileSync(colonyPaths(home, name, process.getuid?.() ?? 0).desired, 'utf8');
    const { agents } = JSON.parse(text) as { readonly agents: readonly (readonly [string, Agent])[] };
    return agents.map(([, agent]) => agent);
  } catch {
    return undefined;
  }
}

async function inFile({ path }: Colony, profiles: readonly string[]): Promise<readonly Agent[]> {
  const { checkFile } = await import('../check-file.ts');
  const checked = checkFile(path, profiles);
  return checked.ok ? [...checked.value.agents.values()] : [];
}
