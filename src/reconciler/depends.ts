import { conditionOf } from './condition.ts';
import { stopsWhatRuns } from './ending.ts';
import { isSuccess } from './exit.ts';
import { noHealth } from './ledger.ts';
import { fingerprintOf, isOutdated } from './outdated.ts';
import { ownerFirst } from './pair.ts';
import type { AgentName, AgentSpec, ReconcileInput, Session } from './types.ts';

/** The agents this one still has to wait for, by name. */
export function dependenciesMissing(spec: AgentSpec, input: ReconcileInput): readonly AgentName[] {
  return Object.entries(spec.depends_on)
    .filter(([agent, { condition }]) => !REACHED[condition](agent, input))
    .map(([agent]) => agent);
}

const REACHED: Readonly<
  Record<'started' | 'ready' | 'completed', (agent: AgentName, input: ReconcileInput) => boolean>
> = {
  started: (agent, input) => isUp(agent, input) || hasCompleted(agent, input),
  ready: isReady,
  completed: hasCompleted,
};

function sessionOf(agent: AgentName, input: ReconcileInput): Session | undefined {
  return input.observed.known ? ownerFirst(input.observed.sessions.get(agent) ?? [])[0] : undefined;
}

/**
 * An agent that is, or is about to be, stopped or replaced does not count, though its old process is still there. One
 * whose replacement waits for a better moment does its work until then.
 */
function isUp(agent: AgentName, input: ReconcileInput): boolean {
  const spec = input.desired.agents.get(agent);
  const session = sessionOf(agent, input);
  if (!spec?.enabled || input.operations.has(agent) || session?.main.state !== 'alive') return false;
  const history = input.ledger.agents.get(agent);
  if (history?.hold && stopsWhatRuns(history.hold)) return false;
  if (history?.replace !== undefined && history.replace === session.run) return false;
  const outdated = isOutdated(session.fingerprint ?? history?.applied?.fingerprint, spec);
  return !outdated || spec.update.mode !== 'immediate';
}

function isReady(agent: AgentName, input: ReconcileInput): boolean {
  const spec = input.desired.agents.get(agent);
  const health = input.ledger.agents.get(agent)?.health ?? noHealth;
  return spec !== undefined && isUp(agent, input) && conditionOf(spec, health).is === 'ready';
}

/** The work of other settings, or work that is being done again, does not count. */
function hasCompleted(agent: AgentName, input: ReconcileInput): boolean {
  const spec = input.desired.agents.get(agent);
  const history = input.ledger.agents.get(agent);
  const session = sessionOf(agent, input);
  if (!spec?.enabled || !history || input.operations.has(agent) || session?.main.state === 'alive') return false;
  const { hold } = history;
  if (hold?.stops === true && hold.reason.code === 'work_done') return !isOutdated(hold.fingerprint, spec);
  const exit = history.unanswered ? history.lastExit : undefined;
  if (!exit || isOutdated(fingerprintOf(exit, session), spec)) return false;
  return isSuccess(exit, spec.restart.success_exit_codes);
}
