import type { Launch, Sighting } from '../../src/tmux/types.ts';

/** A launch that is in order; a program that runs until it is ended. */
export function launchOf(agent: string, over: Partial<Launch> = {}): Launch {
  return {
    name: agent,
    agent,
    workdir: '/',
    argv: ['sleep', '100000'],
    env: {},
    size: { columns: 100, rows: 30 },
    labels: { generation: 1, fingerprint: 'v1:ab', run: `${agent}-1`, started: 1_700_000_000_000, shown: 'starting' },
    ...over,
  };
}

/** The one session of an agent. */
export function sessionOf(seen: Sighting, agent: string) {
  const [session, ...more] = seen.sessions.get(agent) ?? [];
  if (!session || more.length > 0) throw new Error(`${agent} has ${session ? more.length + 1 : 0} sessions`);
  return session;
}

/** The pane in which an agent's program runs or ran. */
export function paneOf(seen: Sighting, agent: string) {
  const { main } = sessionOf(seen, agent);
  if (main.state === 'gone') throw new Error(`${agent} has no pane`);
  return main.pane;
}
