import { fraction } from './backoff.ts';
import { isSuccess } from './exit.ts';
import { hasLiveRun } from './ledger.ts';
import type { AgentSpec, Circuit, History, LastExit, Millis, Reason, ReconcileInput } from './types.ts';

/**
 * How long the agent that is tried must live before the others follow.
 *
 * Twice of what counts as having got to work (see backoff.ts): a program that does not reach what it needs at its start
 * gives up within seconds. Waiting much longer would keep a colony down that could be up.
 */
export const TRIAL: Millis = 10_000;

/** After a pause two agents a second are started on average, so that what has just come back is not overrun. */
const RELEASE_EACH: Millis = 500;

/** Until when a failure is not answered because many failed together, and why. */
export type Pause = { readonly until: Millis; readonly reason: Reason };

type Trial = Extract<Circuit, { state: 'trial' }>;
type Input = Pick<ReconcileInput, 'desired' | 'ledger' | 'now'>;

/** Whether the circuit breaker keeps back the start that would answer this end; a success is no failure. */
export function pauseOf(spec: AgentSpec, exit: LastExit, input: Input): Pause | undefined {
  const { ledger, now } = input;
  const { circuit } = ledger;
  if (input.desired.circuit_breaker.mode === 'off' || isSuccess(exit, spec.restart.success_exit_codes))
    return undefined;
  const reason: Reason = { code: 'circuit_open', circuit };
  if (circuit.state === 'closed') {
    const until = releaseOf(spec, exit, circuit);
    return until > now ? { until, reason } : undefined;
  }
  if (circuit.state === 'trial' && circuit.agent === spec.name && circuit.run === exit.run) return undefined;
  // That a pause is over is an event: the next look is what finds it, and all that can be said until then is "soon".
  return { until: Math.max(pauseEnd(input) ?? now, now + 1), reason };
}

/** Those who waited come back spread over a time that grows with their number, each at an instant of its own. */
function releaseOf(spec: AgentSpec, exit: LastExit, { since, agents }: Circuit): Millis {
  if (exit.at > since) return since;
  return since + Math.round(fraction(`${exit.run ?? spec.name}:release`) * agents * RELEASE_EACH);
}

/** When the circuit breaker has to be looked at again; undefined: it is closed. */
export function pauseEnd({ desired, ledger }: Input): Millis | undefined {
  const { circuit } = ledger;
  if (circuit.state === 'closed') return undefined;
  if (circuit.state === 'open') return circuit.since + desired.circuit_breaker.cool_off;
  const history = ledger.agents.get(circuit.agent);
  return (startOfTrial(circuit, history) ?? circuit.since) + TRIAL;
}

/** When the agent that is tried was started; undefined: it was not yet. */
export function startOfTrial(circuit: Trial, history: History | undefined): Millis | undefined {
  const begun = history && (hasLiveRun(history) || history.lastExit?.run !== circuit.run);
  return begun ? (history.started ?? circuit.since) : undefined;
}
