import { readFileSync } from 'node:fs';
import type { AgentName, AgentSpec, Desired } from '../reconciler/types.ts';
import { DEFAULT_LIMITS } from './history/past.ts';

/** Changes when the stored form does: a configuration kept by an older colony is then read from the file again. */
const STORED_FORM = 2;

/** The stored form of a configuration. */
export function serialise(desired: Desired): string {
  return JSON.stringify({ form: STORED_FORM, ...desired, agents: [...desired.agents] });
}

/** The profiles of the last configuration, also of one that an older colony has kept in another form. */
export function lastProfiles(path: string): readonly string[] {
  try {
    const { profiles } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Desired>;
    return profiles ?? [];
  } catch {
    return [];
  }
}

/** The configuration that was last in force, ready to use; undefined if there is none. */
export function lastGood(path: string): Desired | undefined {
  try {
    const stored = JSON.parse(readFileSync(path, 'utf8')) as { form: number; agents: [AgentName, AgentSpec][] };
    if (stored.form !== STORED_FORM) return undefined;
    const { form: _, ...rest } = stored;
    // Those written before there was a history have none.
    const { history = DEFAULT_LIMITS } = rest as unknown as Partial<Desired>;
    return { ...(rest as unknown as Desired), history, agents: new Map(stored.agents) };
  } catch {
    return undefined;
  }
}
