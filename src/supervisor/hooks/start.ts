import { setTimeout as pause } from 'node:timers/promises';
import type { Action, Millis, RunId } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';
import { hookOf, runHook } from './run.ts';

type Start = Extract<Action, { do: 'spawn' | 'respawn' }>;

/** After a veto an agent rests, so that a hook that fails at once is not asked again hotly. */
export const REST_AFTER_VETO: Millis = 1_000;

/** Ask the hook that comes before a start; returns whether the program is to be started. */
export async function maybeStart(colony: Colony, start: Start, cutShort: AbortSignal): Promise<boolean> {
  const { agent, generation, spec } = start;
  if (!hookOf(spec, 'pre_start')) return true;
  const around = { agent, generation, run: undefined };
  const came = await runHook(colony, spec, 'pre_start', around, { veto: true, signal: cutShort });
  if (came === 'failed') await rest(cutShort);
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
  return wanted && journal.ledger.agents.get(agent)?.hold?.reason.code !== 'user_requested';
}

/** Resolves after the rest, or as soon as it is cut short. */
export async function rest(cutShort: AbortSignal): Promise<void> {
  await pause(REST_AFTER_VETO, undefined, { signal: cutShort }).catch(() => undefined);
}
