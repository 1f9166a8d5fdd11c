import type { Activity, Phase } from './types.ts';

/**
 * What stands in the status line of an agent's session: its phase, and what keeps it waiting, which a person who is
 * attached may do something about. That it is busy or idle, that person sees.
 */
export function standing(phase: Phase, activity: Activity | undefined): string {
  if (activity?.state !== 'waiting' && activity?.state !== 'limited') return phase;
  return `${phase}, ${activity.state}${activity.for === undefined ? '' : `: ${activity.for}`}`;
}
