import type { AgentName, Millis } from '../../reconciler/types.ts';
import { type AgentView, viewOf } from '../../reconciler/view.ts';
import { type Colony, inputOf, underWay } from '../colony.ts';

/** A program that was just started counts as settled when it has lived this long: most mistakes end one at once. */
export const PROOF_OF_LIFE: Millis = 250;

/** What has to come to rest. */
export type Concern = {
  /** Whether anything is expected to change at all. */
  readonly changing: boolean;
  /** The agents that were asked about; the others need not come to rest. */
  readonly concerns: (agent: AgentName) => boolean;
};

/**
 * All agents as somebody sees them who waits for one of them.
 *
 * Whose work ended while the world was looked at may have been seen as he was before: he counts as being worked on, or a
 * restart would be over while its old program was still to be seen.
 */
export function viewsOf(colony: Colony): readonly AgentView[] {
  return colony.desired ? viewOf({ ...inputOf(colony, colony.desired), operations: underWay(colony) }) : [];
}

/** Whether nothing more will happen by itself soon; `again`: ask once more after so many milliseconds. */
export function isSettled(colony: Colony, { concerns, changing }: Concern): { settled: boolean; again?: Millis } {
  if (!colony.observed.known || [...underWay(colony).keys()].some(concerns)) return { settled: false };
  const all = viewsOf(colony);
  const ours = all.filter(({ agent }) => concerns(agent));
  if (ours.some((view) => isMoving(view) || waitsForWork(view, all))) return { settled: false };
  if (!changing) return { settled: true };
  const youngest = Math.max(0, ...ours.map(({ phase, session }) => (phase === 'ready' ? (session?.started ?? 0) : 0)));
  const age = colony.clock() - youngest;
  return age >= PROOF_OF_LIFE ? { settled: true } : { settled: false, again: PROOF_OF_LIFE - age };
}

/** The next pass will do something with it: start it, stop it, or bring its session up to the file. */
function isMoving({ phase, drift, session, waits }: AgentView): boolean {
  if (phase === 'starting' || phase === 'stopping') return true;
  return drift.length > 0 && !waits && session?.main.state === 'alive';
}

/**
 * Whether it waits for a program that is at work and will end.
 *
 * Any other dependency is either there, and then it does not wait, or has come to rest without being there, and then
 * waiting is all that it will ever do.
 */
function waitsForWork(
  { agent, phase, spec }: AgentView,
  all: readonly AgentView[],
  seen: readonly string[] = [],
): boolean {
  // Settings of different age, as `--target` leaves them, may depend on each other in a circle.
  if (phase !== 'pending' || seen.includes(agent)) return false;
  const needs = Object.entries(spec?.depends_on ?? {});
  return needs.some(([need, { condition }]) => {
    const other = all.find((view) => view.agent === need);
    if (!other) return false;
    return (condition === 'completed' && other.phase === 'ready') || waitsForWork(other, all, [...seen, agent]);
  });
}
