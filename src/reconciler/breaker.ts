import { pauseEnd, startOfTrial, TRIAL } from './circuit.ts';
import { isSuccess } from './exit.ts';
import { hasLiveRun } from './ledger.ts';
import { pair } from './pair.ts';
import { type Situation, situationOf } from './situation.ts';
import type { AgentName, AgentSpec, Circuit, CircuitEvent, LastExit, ReconcileInput } from './types.ts';

/** How many agents have to fail together at the least: one that fails alone is the business of its crash loop. */
const FEWEST = 2;

type Trial = Extract<Circuit, { state: 'trial' }>;

/**
 * What the circuit breaker of the colony does next; undefined: it stays as it is.
 *
 * It opens when many agents fail again right after a restart, because then a restart is not what they need. After the
 * pause one agent is tried. If that one lives the others follow, and if it fails the pause starts again.
 */
export function circuitEvent(input: ReconcileInput): CircuitEvent | undefined {
  const { circuit } = input.ledger;
  if (input.desired.circuit_breaker.mode === 'off') {
    return circuit.state === 'closed' ? undefined : { type: 'circuit_closed', agents: 0 };
  }
  if (circuit.state === 'closed') return opening(input);
  if (circuit.state === 'trial') return verdict(circuit, input);
  return input.now < (pauseEnd(input) ?? input.now) ? undefined : tryNext(undefined, input);
}

// ------------------------------------------------------------------------------------------------- opening

function opening(input: ReconcileInput): CircuitEvent | undefined {
  const suspects = [...input.desired.agents.values()].filter((spec) => keepsFailing(spec, input));
  if (suspects.length < input.desired.circuit_breaker.failures) return undefined;
  const names = new Set(suspects.map(({ name }) => name));
  const agents = situations(input).flatMap(([agent, { is }]) => (names.has(agent) && !AT_REST.has(is) ? [agent] : []));
  return agents.length < input.desired.circuit_breaker.failures ? undefined : { type: 'circuit_opened', agents };
}

/** What is not meant to run has nothing to do with it. */
const AT_REST: ReadonlySet<Situation['is']> = new Set(['orphan', 'disabled', 'stopped', 'completed']);

/**
 * Whether a restart of this agent did not help: it failed once more, soon after it was started, and not long ago.
 *
 * So agents that had worked and are killed together count for nothing, however many they are. What failed before the
 * breaker closed was dealt with.
 */
function keepsFailing(spec: AgentSpec, { desired, ledger, now }: ReconcileInput): boolean {
  const { window } = desired.circuit_breaker;
  const history = ledger.agents.get(spec.name);
  const exit = history?.lastExit;
  if (!history || !exit?.unplanned || history.attempt < 2) return false;
  const recent = exit.at > now - window && exit.at > ledger.circuit.since && (exit.uptime ?? 0) < window;
  return recent && !isSuccess(exit, spec.restart.success_exit_codes);
}

// --------------------------------------------------------------------------------------------------- trial

function verdict(circuit: Trial, input: ReconcileInput): CircuitEvent | undefined {
  const { agent } = circuit;
  const history = input.ledger.agents.get(agent);
  const over = input.now >= (pauseEnd(input) ?? input.now);
  if (!history || startOfTrial(circuit, history) === undefined) {
    return over || !mayStart(agent, input) ? tryNext(agent, input) : undefined;
  }
  if (hasLiveRun(history)) return over ? closed(input) : undefined;
  // It was stopped, or replaced by other settings, before it had shown anything.
  if (!history.lastExit?.unplanned) return tryNext(agent, input);
  return hasHelped(history.lastExit, input.desired.agents.get(agent)) ? closed(input) : failed(agent, input);
}

function hasHelped(exit: LastExit, spec: AgentSpec | undefined): boolean {
  return (exit.uptime ?? 0) >= TRIAL || isSuccess(exit, spec?.restart.success_exit_codes ?? []);
}

function failed(agent: AgentName, input: ReconcileInput): CircuitEvent {
  const agents = [...new Set([agent, ...keptBack(input)])].sort();
  return agents.length < FEWEST ? closed(input) : { type: 'circuit_opened', agents };
}

/** Whether the agent that is tried is being started, or will be, now or after its own back-off. */
function mayStart(agent: AgentName, input: ReconcileInput): boolean {
  return situations(input).some(([name, { is }]) => name === agent && STARTS.has(is));
}

const STARTS: ReadonlySet<Situation['is']> = new Set(['operating', 'startable', 'backoff']);

/**
 * Try the agent that has waited longest, or after one that could not be tried the one that comes after it.
 *
 * If nobody is there to be tried because all of them are still in their own back-off, that is waited for; if nobody is
 * there at all, there is nothing to be careful about any more.
 */
function tryNext(before: AgentName | undefined, input: ReconcileInput): CircuitEvent | undefined {
  const order = byWaiting([...new Set([...keptBack(input), ...(before === undefined ? [] : [before])])], input);
  const next = order[(before === undefined ? 0 : order.indexOf(before) + 1) % order.length];
  if (next !== undefined && next !== before) {
    return { type: 'circuit_trial', agent: next, run: input.ledger.agents.get(next)?.lastExit?.run };
  }
  return situations(input).some(([, { is }]) => STARTS.has(is)) ? undefined : closed(input);
}

function closed(input: ReconcileInput): CircuitEvent {
  return { type: 'circuit_closed', agents: keptBack(input).length };
}

// ------------------------------------------------------------------------------------------------- waiting

function situations(input: ReconcileInput): readonly (readonly [AgentName, Situation])[] {
  if (!input.observed.known) return [];
  return pair(input.desired, input.observed).map((each) => [each.agent, situationOf(each, input)] as const);
}

/** The agents that nothing but the circuit breaker keeps from being started. */
function keptBack(input: ReconcileInput): readonly AgentName[] {
  return situations(input).flatMap(([agent, situation]) =>
    situation.is === 'backoff' && situation.reason.code === 'circuit_open' ? [agent] : [],
  );
}

function byWaiting(agents: readonly AgentName[], { ledger }: ReconcileInput): readonly AgentName[] {
  const since = (agent: AgentName) => ledger.agents.get(agent)?.lastExit?.at ?? 0;
  return [...agents].sort((a, b) => since(a) - since(b) || (a < b ? -1 : 1));
}
