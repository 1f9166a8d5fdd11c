import type { Action, AgentName } from '../../reconciler/types.ts';
import type { Colony, UnderWay } from '../colony.ts';
import { isStillWanted } from '../hooks/start.ts';

/** What others see of an action while it is done; `cutShort` ends whatever it waits for. */
export function operationOf(action: Action, colony: Colony, cutShort: () => void): UnderWay {
  const operation = { since: colony.clock(), reason: action.reason };
  switch (action.do) {
    case 'end':
    case 'remove':
      return {
        kind: 'stopping',
        ...operation,
        ends: action.session.run,
        pointless: () => isHurried(colony, action.agent),
        cutShort,
      };
    case 'spawn':
    case 'respawn':
      return { kind: 'starting', ...operation, pointless: () => !isStillWanted(colony, action), cutShort };
    default:
      return { kind: 'changing', ...operation };
  }
}

/** A person who does not want to wait may say so while an agent is being asked to end, or a start is being prepared. */
export function cutShort(colony: Colony): void {
  for (const operation of colony.operations.values()) if (operation.pointless?.()) operation.cutShort?.();
}

function isHurried(colony: Colony, agent: AgentName): boolean {
  return colony.hurry || (colony.journal.ledger.agents.get(agent)?.hurry ?? false);
}
