import type { StatusReport } from '../control/protocol.ts';
import type { ReconcileInput } from '../reconciler/types.ts';
import { type AgentView, viewOf } from '../reconciler/view.ts';
import { agentStatus, type Findings } from './agent-status.ts';

/** Phases in which nothing is amiss. */
const WELL: ReadonlySet<string> = new Set(['ready', 'completed', 'disabled', 'stopped']);

/** Whether an agent is as it should be. */
export function isWell({ phase }: Pick<AgentView, 'phase'>): boolean {
  return WELL.has(phase);
}

export type StatusContext = Pick<StatusReport, 'config' | 'supervisor' | 'tmux' | 'login' | 'warnings'>;

/** The status of a colony as the contract wants it. */
export function statusReport(
  input: ReconcileInput,
  context: StatusContext,
  findings: Findings = () => [],
): StatusReport {
  const views = viewOf(input);
  return {
    version: 1,
    colony: input.desired.name,
    ...context,
    summary: summaryOf(views),
    agents: views.map((view) => agentStatus(view, input, findings)),
  };
}

/** How many of the agents that are meant to run are ready; those that are off, or done, are not counted. */
function summaryOf(views: readonly AgentView[]): StatusReport['summary'] {
  const meant = views.filter(({ phase }) => !AT_REST.has(phase));
  return { ready: meant.filter(({ phase }) => phase === 'ready').length, total: meant.length };
}

const AT_REST: ReadonlySet<string> = new Set(['completed', 'disabled', 'stopped']);
