import type { AgentName, Desired, Observed } from './types.ts';

/** What a new configuration would take away from what runs. */
export type Removal = { readonly running: number; readonly removed: readonly AgentName[]; readonly excessive: boolean };

/**
 * Whether a configuration would end more than half of the running agents for good.
 *
 * A file that was truncated or generated wrongly looks just like a wish to stop everything, so that much has to be
 * confirmed. A replacement does not count: the agent comes back.
 */
export function removalBy(desired: Desired, observed: Observed): Removal {
  if (!observed.known) return { running: 0, removed: [], excessive: false };
  const running = [...observed.sessions].flatMap(([agent, sessions]) =>
    sessions.some(({ main }) => main.state === 'alive') ? [agent] : [],
  );
  const removed = running.filter((agent) => desired.agents.get(agent)?.enabled !== true).sort();
  return { running: running.length, removed, excessive: removed.length * 2 > running.length };
}
