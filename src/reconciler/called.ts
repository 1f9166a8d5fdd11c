import { adviceFor } from './advised.ts';
import type { AgentName, Mark, Reason, ReconcileInput } from './types.ts';

/** A schedule starts what was stopped by a policy, or has done its work; or the file asks for other work. */
export type CalledSituation = { readonly is: 'called'; readonly reason: Reason; readonly mark?: Mark };

/** How a schedule calls an agent that does not run; undefined: none does. */
export function calledBy(agent: AgentName, input: ReconcileInput): CalledSituation | undefined {
  const call = adviceFor(agent, undefined, input).find(({ wish }) => wish.do === 'start');
  return call && { is: 'called', reason: call.reason, ...(call.mark ? { mark: call.mark } : {}) };
}
