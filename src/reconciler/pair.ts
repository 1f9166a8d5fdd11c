import type { AgentName, AgentSpec, Desired, Observed, Session } from './types.ts';

/** One agent from both sides: what the file says of it and what tmux has of it. At least one of the two is there. */
export type Pairing = {
  readonly agent: AgentName;
  readonly spec: AgentSpec | undefined;
  readonly session: Session | undefined;
  /** Further sessions with the same labels; only a person can have made them. */
  readonly duplicates: readonly Session[];
};

type Known = Extract<Observed, { known: true }>;

/** Join the declared agents with the marked sessions, by the agent's name in the label and never by the session's name. */
export function pair(desired: Desired, observed: Pick<Known, 'sessions'>): readonly Pairing[] {
  const names = new Set([...desired.agents.keys(), ...observed.sessions.keys()]);
  return [...names].sort().map((agent) => pairingOf(agent, desired, observed));
}

/** One agent alone, be it declared or not. */
export function pairingOf(agent: AgentName, desired: Desired, observed: Pick<Known, 'sessions'>): Pairing {
  const [session, ...duplicates] = ownerFirst(observed.sessions.get(agent) ?? []);
  return { agent, spec: desired.agents.get(agent), session, duplicates };
}

/**
 * The sessions that carry one agent's labels, the one that owns them first.
 *
 * That is the session of the latest life, and of several the one that tmux made first: labels are copied to a newer one.
 */
export function ownerFirst(sessions: readonly Session[]): readonly Session[] {
  if (sessions.length < 2) return sessions;
  return [...sessions].sort((a, b) => b.generation - a.generation || numberOf(a) - numberOf(b));
}

/** tmux counts sessions: `$10` is younger than `$9`, though as a text it comes before it. */
function numberOf({ id }: Session): number {
  return Number(id.slice(1));
}
