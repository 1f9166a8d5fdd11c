import { exitText, explain } from '../reconciler/explain.ts';
import { formatSpan } from '../reconciler/span.ts';
import type { Event } from '../reconciler/types.ts';

type Describe<T> = (event: Extract<Event, { type: T }>) => string;

/** One line for each event, for people. The agent's name is not in it. */
const LINES: { readonly [T in Event['type']]: Describe<T> } = {
  started: ({ pid, reason }) =>
    `started${pid === undefined ? '' : ` (pid ${pid})`}${reason.code === 'not_running' ? '' : `: ${explain(reason)}`}`,
  adopted: ({ pid }) => `adopted${pid === undefined ? '' : ` (pid ${pid})`}`,
  updated: ({ fields }) => (fields.length > 0 ? `changed in place: ${fields.join(', ')}` : 'recorded as it runs'),
  stopping: ({ reason }) => `stopping: ${explain(reason)}`,
  exited: ({ exit, uptime }) => `ended: ${exitText(exit)}${uptime === undefined ? '' : ` after ${formatSpan(uptime)}`}`,
  last_lines: ({ tail }) => `last words: ${tail.at(-1)}`,
  removed: ({ reason }) => `session closed: ${explain(reason)}`,
  held: ({ reason, now }) => `held: ${explain(reason)}${now ? ', at once' : ''}`,
  released: ({ reason }) => `released: ${explain(reason)}`,
  restart_requested: ({ now }) => `restart asked for by a person${now ? ', at once' : ''}`,
  failed: ({ action, why }) => `${action} failed: ${why}`,
  killed_leftovers: ({ pids }) => `ended ${pids.length} process${pids.length === 1 ? '' : 'es'} it left behind`,
  crash_looping: ({ restarts, window }) =>
    `keeps failing: more than ${restarts} failures within ${formatSpan(window)}; restarts go on`,
  circuit_opened: ({ agents }) => `${agents.length} agents keep failing together, restarts pause: ${agents.join(', ')}`,
  circuit_trial: () => 'is tried first after the pause of restarts',
  circuit_closed: ({ agents }) =>
    agents === 0
      ? 'restarts pause no longer'
      : `restarts pause no longer: ${agents} agents are started one after another`,
  server_started: ({ server }) => `tmux server runs (pid ${server.pid})`,
  server_lost: ({ agents }) => `tmux server is gone, and ${agents} agents with it`,
  unreachable: ({ why }) => `tmux cannot be asked, nothing is done: ${why}`,
  reachable: () => 'tmux answers again',
  config_loaded: ({ generation, path, agents }) => `configuration ${generation} in force: ${agents} agents (${path})`,
  config_rejected: ({ first }) => `configuration refused, the last good one stays in force: ${first}`,
  supervisor_started: ({ pid, version }) => `supervisor ${version} started (pid ${pid})`,
  supervisor_stopped: ({ reason }) => `supervisor stopped: ${reason}`,
  down: () => 'going down: every agent is stopped',
};

/** An event as a line of text. */
export function describe<T extends Event['type']>(event: Extract<Event, { type: T }>): string {
  return (LINES[event.type as T] as Describe<T>)(event);
}
