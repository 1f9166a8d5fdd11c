import type { AgentName, Operation } from '../reconciler/types.ts';
import type { Colony } from './colony.ts';

/**
 * Let an agent rest while something is done to it; the answer ends that.
 *
 * A later operation takes the place of an earlier one, whose end then frees nothing: the loss of the tmux server does
 * not wait for what was under way.
 */
export function occupy(colony: Colony, agent: AgentName, operation: Operation): () => void {
  colony.operations.set(agent, operation);
  return () => {
    if (colony.operations.get(agent) === operation) colony.operations.delete(agent);
  };
}
