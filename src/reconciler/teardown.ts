import { reconcile } from './reconcile.ts';
import type { Plan, ReconcileInput } from './types.ts';

/** The plan that leaves nothing behind: every session of ours goes, because a person asked for it. */
export function teardown(input: ReconcileInput): Plan {
  const plan = reconcile({ ...input, desired: { ...input.desired, agents: new Map() } });
  const actions = plan.actions.map((action) => ({ ...action, reason: { code: 'user_requested' as const } }));
  return { ...plan, actions };
}
