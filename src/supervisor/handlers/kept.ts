import type { AgentsRequest, Message } from '../../control/protocol.ts';
import { explain } from '../../reconciler/explain.ts';
import { beyondStart } from '../../reconciler/remedy.ts';
import type { AgentName } from '../../reconciler/types.ts';
import { type AgentView, viewOf } from '../../reconciler/view.ts';
import { type Colony, inputOf } from '../colony.ts';

type Kept = Extract<Message, { type: 'kept' }>;

/**
 * Those of the chosen agents that a start does not start: something else keeps them, or they have ended badly for good.
 *
 * A pattern or a label means the agents that are enabled, as long as it means any.
 */
export function keptOf(colony: Colony, chosen: readonly AgentName[], { targets }: AgentsRequest): readonly Kept[] {
  if (!colony.desired) return [];
  const views = viewOf(inputOf(colony, colony.desired)).filter(({ agent }) => chosen.includes(agent));
  const onlyOff = views.every(({ phase }) => phase === 'disabled');
  return views
    .filter(({ agent, phase }) => phase !== 'disabled' || onlyOff || targets.includes(agent))
    .flatMap((view) => keptBy(view) ?? []);
}

function keptBy(view: AgentView): Kept | undefined {
  const { agent, phase, reason } = view;
  const remedy = beyondStart(view);
  if (!reason || (phase !== 'stopped' && remedy === undefined)) return undefined;
  return { type: 'kept', agent, why: explain(reason), ...(remedy === undefined ? {} : { remedy }) };
}
