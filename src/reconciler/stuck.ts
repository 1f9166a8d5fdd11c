import { type Pairing, pairingOf } from './pair.ts';
import type { AgentName, Reason, ReconcileInput, Stuck } from './types.ts';

/** As much of a situation as is needed here. */
type Found = { readonly is: string; readonly reason?: Reason; readonly again?: boolean };

/** Finds the situation of an agent. */
export type Look = (pairing: Pairing) => Found;

/** The situations that nothing but somebody's doing changes. */
const FOR_GOOD: Readonly<Record<string, Stuck['is']>> = {
  disabled: 'disabled',
  stopped: 'stopped',
  held: 'held',
  failing: 'held',
  completed: 'completed',
};

/**
 * The first of these dependencies that will not become what is waited for until somebody does something.
 *
 * One that is in its back-off comes back by itself, and one that works may still complete: both are simply waited for.
 * `asked` are the agents that were looked at already.
 */
export function stuckAmong(
  missing: readonly AgentName[],
  { desired, observed }: ReconcileInput,
  look: Look,
  asked: ReadonlySet<AgentName>,
): Stuck | undefined {
  if (!observed.known) return undefined;
  for (const agent of missing) {
    // Settings of different age may depend on each other in a circle.
    if (asked.has(agent)) continue;
    const pairing = pairingOf(agent, desired, observed);
    const stuck = pairing.spec ? stuckIn(agent, look(pairing)) : absent(agent);
    if (stuck) return stuck;
  }
  return undefined;
}

function absent(agent: AgentName): Stuck {
  return { agent, is: 'absent', reason: { code: 'removed_from_file' } };
}

function stuckIn(agent: AgentName, { is: found, reason = { code: 'disabled' }, again }: Found): Stuck | undefined {
  if (again) return undefined;
  const is = reason.code === 'work_done' ? 'completed' : FOR_GOOD[found];
  if (is) return { agent, is, reason };
  // Who waits for one that is stuck is stuck with it.
  return reason.code === 'dependency_not_ready' && reason.stuck ? { agent, is: 'waiting', reason } : undefined;
}
