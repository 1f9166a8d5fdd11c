import { hasLiveRun } from './ledger.ts';
import type { AgentSpec, Desired, Event, Ledger, Reason } from './types.ts';

const REASON: Reason = { code: 'rebooted' };

/**
 * What the file asks for after a reboot, where that is not the state before it. It is to be written down before the loss
 * of the server is: whoever is killed between the two finds it still to be done.
 */
export function afterReboot(desired: Desired, ledger: Ledger): readonly Event[] {
  return [...desired.agents.values()].flatMap((spec) => wishOf(spec, ledger));
}

function wishOf({ name: agent, on_reboot }: AgentSpec, { agents }: Ledger): readonly Event[] {
  const history = agents.get(agent);
  if (!history) return [];
  if (on_reboot === 'start' && history.hold) return [{ type: 'released', agent, reason: REASON }];
  const staysDown = on_reboot === 'stay_down' && !history.hold && hasLiveRun(history);
  return staysDown ? [{ type: 'held', agent, reason: REASON, fingerprint: undefined, stops: true }] : [];
}
