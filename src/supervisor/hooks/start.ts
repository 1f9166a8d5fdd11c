import { stopsWhatRuns } from '../../reconciler/ending.ts';
import type { Action, RunId } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';
import { hookOf, runHook } from './run.ts';

type Start = Extract<Action, { do: 'spawn' | 'respawn' }>;

/** Ask the hook that comes before a start; returns whether the program is to be started. */
export async function maybeStart(colony: Colony, start: Start, cutShort: AbortSignal): Promise<boolean> {
  const { agent, generation, spec } = start;
  if (!hookOf(spec, 'pre_start')) return true;
  const around = { agent, generation, run: undefined };
  const came = await runHook(colony, spec, 'pre_start', around, { veto: true, signal: cutShort });
  return came === 'well' && isStillWanted(colony, start);
}

/** Run the hook that comes after a start, for which nobody waits. */
export function afterStart(colony: Colony, { agent, generation, spec }: Start, run: RunId, pid?: number): void {
  if (!hookOf(spec, 'post_start')) return;
  const variables = pid === undefined ? {} : { COLONY_PID: String(pid) };
  void runHook(colony, spec, 'post_start', { agent, generation, run }, { variables });
}

/** A hook may take long, and what is wanted may have become something else in the meantime. */
export function isStillWanted({ desired, goal, journal }: Colony, { agent, spec }: Start): boolean {
  if (goal === 'down') return false;
  const now = desired?.agents.get(agent);
  const wanted = now?.enabled === true && now.fingerprint === spec.fingerprint;
  const hold = journal.ledger.agents.get(agent)?.hold;
  return wanted && !(hold && stopsWhatRuns(hold));
}
