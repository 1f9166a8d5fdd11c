import type { Circuit, Entry } from '../types.ts';
import type { CircuitEntry } from './entry.ts';

/** Whether an entry belongs to the circuit breaker. */
export function isOfCircuit(entry: Entry): entry is CircuitEntry {
  return entry.type === 'circuit_opened' || entry.type === 'circuit_trial' || entry.type === 'circuit_closed';
}

/** The circuit after an entry about it. */
export function circuitAfter(circuit: Circuit, entry: CircuitEntry): Circuit {
  const since = entry.at;
  if (entry.type === 'circuit_opened') return { state: 'open', since, agents: entry.agents.length };
  if (entry.type === 'circuit_closed') return { state: 'closed', since, agents: entry.agents };
  return { state: 'trial', since, agents: circuit.agents, agent: entry.agent, run: entry.run };
}
