import type { AgentName, CircuitEvent, Entry, History } from '../types.ts';

/** The entries of one type. */
export type Of<T extends Entry['type']> = Extract<Entry, { type: T }>;

export type CircuitEntry = Extract<Entry, CircuitEvent>;

/** What a trial says of its agent is the circuit's story, and none of the agent's. */
export type AgentEntry = Exclude<Extract<Entry, { agent: AgentName }>, CircuitEntry>;

/** What is known of an agent after an entry about it; undefined: the same as before. */
export type Change<T extends AgentEntry['type']> = (history: History, entry: Of<T>) => History | undefined;
