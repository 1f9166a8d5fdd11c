import type { StatusReport, WhyReport } from '../../control/protocol.ts';
import { type Decision, decisionsAbout } from '../../reconciler/decisions.ts';
import { noHistory } from '../../reconciler/ledger.ts';
import type { AgentName, Desired } from '../../reconciler/types.ts';
import { viewOf } from '../../reconciler/view.ts';
import { policyViewOf } from '../advising.ts';
import { type Colony, inputOf } from '../colony.ts';
import { noSuchAgent } from '../configuration.ts';
import { isoOf } from '../wall-time.ts';
import { afterRestart } from '../why/after-restart.ts';
import { evidenceOf } from '../why/evidence.ts';
import { latestOf, lineOf } from '../why/latest.ts';
import { silences } from '../why/silence.ts';
import { Refused } from './context.ts';
import { kept } from './events.ts';

/** What is known of one agent, from where, and what follows from it. `status`: with this very agent in it. */
export async function why(
  colony: Colony,
  desired: Desired,
  status: StatusReport,
  agent: AgentName,
): Promise<WhyReport> {
  const shown = status.agents.find(({ name }) => name === agent);
  const names = status.agents.map(({ name }) => name);
  if (!shown) throw new Refused(noSuchAgent(agent, names));
  const { agents, offsets } = colony.journal.ledger;
  const history = agents.get(agent) ?? noHistory;
  const { conversation, conversations } = history;
  const vitals = shown.pid === null ? undefined : colony.vitals.get(agent);
  const decisions = decisionsOf(colony, desired, agent, status.supervisor !== null);
  const events = await latestOf(agent, kept(colony));
  return {
    version: 1,
    colony: colony.name,
    agent: shown,
    evidence: vitals ? evidenceOf(vitals, colony.clock(), offsets) : [],
    conversation: conversation ? { ...conversation, since: isoOf(offsets, conversation.since) } : null,
    earlier_conversations: [...conversations].reverse(),
    decisions,
    after_restart: afterRestart(desired.agents.get(agent), history, colony.environment),
    events: events.map((entry) => ({
      seq: entry.seq,
      at: isoOf(offsets, entry.at),
      text: lineOf(entry),
    })),
  };
}

/** What is to be done, and then what the policies found no cause for. `attended`: a supervisor is there to do it. */
function decisionsOf(colony: Colony, desired: Desired, agent: AgentName, attended: boolean): readonly Decision[] {
  const input = inputOf(colony, desired);
  const view = viewOf(input).find((each) => each.agent === agent);
  const wanted = view ? decisionsAbout(view, input) : [];
  const spec = desired.agents.get(agent);
  if (!attended) return wanted.map((each) => ({ ...each, outcome: 'nothing is done while no supervisor runs' }));
  if (!spec || colony.operations.has(agent)) return wanted;
  const quiet = silences(spec, policyViewOf(colony, desired, spec));
  return [...wanted, ...quiet.map(({ policy, text }) => ({ what: policy, text, outcome: 'nothing to do' }))];
}
