import { pauseEnd } from './circuit.ts';
import { decide, type Step } from './decide.ts';
import { inOrder } from './order.ts';
import { pair } from './pair.ts';
import { situationOf } from './situation.ts';
import type { Millis, Plan, ReconcileInput } from './types.ts';

/**
 * Compare what is wanted with what is there, and say what to do now.
 *
 * Pure: the same input gives the same plan, in any order of agents. At most one action per agent, only for sessions
 * that carry our labels, none when all is well, and none at all while the world is unknown. Doing the plan and asking
 * again gives an empty plan, unless the world moved.
 */
export function reconcile(input: ReconcileInput): Plan {
  if (!input.observed.known) return { actions: [], wakeAt: undefined };
  const situations = pair(input.desired, input.observed).map(
    (pairing) => [pairing.agent, situationOf(pairing, input)] as const,
  );
  const steps: Step[] = situations.map(([agent, situation]) => decide(agent, situation, input.ledger));
  const actions = steps.flatMap(({ action }) => action ?? []);
  const vetoed = situations.flatMap(([agent, { is }]) => (is === 'vetoed' ? [agent] : []));
  const ordered = inOrder(actions, vetoed, input);
  const times = [...steps.map(({ wakeAt }) => wakeAt), ordered.wakeAt, pauseEnd(input)];
  return { actions: ordered.actions, wakeAt: earliest(times, input.now) };
}

function earliest(times: readonly (Millis | undefined)[], now: Millis): Millis | undefined {
  const ahead = times.filter((time) => time !== undefined).filter((time) => time > now);
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}
