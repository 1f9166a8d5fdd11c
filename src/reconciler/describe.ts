import { exitText, explain } from './explain.ts';
import { formatSpan } from './span.ts';
import type { Event, Role, SeqRange } from './types.ts';

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
  health: ({ role, is, probe, text }) => `${HEALTH[role][is]} (${probe}): ${text}`,
  nudged: ({ keys, reason }) => `pressed ${keys.join(' ')} to wake it up: ${explain(reason)}`,
  deferred: ({ reason }) => `put off until a better moment: ${explain(reason)}`,
  deferral_over: ({ what }) => `${what}: no longer to be done`,
  alert: ({ reason }) => explain(reason),
  alert_over: ({ policy }) => `${policy}: all is well again`,
  scheduled: ({ schedule, outcome }) => `schedule ${schedule}: ${OUTCOME[outcome]}`,
  sent: ({ characters, reason }) => `typed ${characters} character${characters === 1 ? '' : 's'}: ${explain(reason)}`,
  undelivered: ({ why, reason }) => `could not type: ${why}; ${explain(reason)}`,
  conversation: ({ id, how }) => `conversation ${id}${how === 'assigned' ? '' : ', by its own word'}`,
  conversation_refused: ({ id, why }) => `conversation ${id} cannot be gone on with: ${why}`,
  conversation_cleared: () => 'the next life begins a new conversation',
  attention: ({ state, for: what }) => {
    if (state === 'limited') return 'its usage limit is reached';
    return `waits for a person${what === undefined ? '' : `: ${what}`}`;
  },
  attention_over: () => 'goes on',
  hook_failed: ({ hook, why, veto, run }) => {
    const what = run === undefined ? 'start' : 'stop';
    return `hook ${hook} failed${veto ? `, so the ${what} is put off` : ''}: ${why}`;
  },
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
  server_lost: ({ agents, rebooted }) =>
    rebooted
      ? `the machine was rebooted while ${agents} agents ran`
      : `tmux server is gone${agents > 0 ? `, and ${agents} agents with it` : ''}`,
  unreachable: ({ why }) => `tmux cannot be asked, nothing is done: ${why}`,
  reachable: () => 'tmux answers again',
  config_loaded: ({ generation, path, agents }) => `configuration ${generation} in force: ${agents} agents (${path})`,
  config_rejected: ({ first }) => `configuration refused, the last good one stays in force: ${first}`,
  clock_stepped: ({ by, ahead }) => {
    // As after a reboot, when the colony's clock begins with the machine's.
    if (ahead === 0) return 'the clock of the colony is that of the machine again';
    if (by < 0) return `the clock of the machine was set back by ${formatSpan(-by)}`;
    return `the machine has slept for ${formatSpan(by)}, or its clock was set forward`;
  },
  supervisor_started: ({ pid, version }) => `supervisor ${version} started (pid ${pid})`,
  supervisor_stopped: ({ reason }) => `supervisor stopped: ${reason}`,
  down: () => 'going down: every agent is stopped',
  journal_unwritable: ({ why }) => `the journal cannot be written, and is kept in memory: ${why}`,
  journal_writable: ({ kept, lost }) =>
    `the journal is written again: ${kept} entries were kept${lost > 0 ? `, ${lost} were lost` : ''}`,
  journal_damaged: (event) => `the journal was damaged: ${damageText(event)}`,
  not_saved: ({ file, why }) => `${file} could not be saved, and will be when that is possible: ${why}`,
  saved: ({ file }) => `${file} is saved again`,
};

const HEALTH: { readonly [R in Role]: { readonly healthy: string; readonly unhealthy: string } } = {
  startup: { healthy: 'has come up', unhealthy: 'did not come up in time' },
  readiness: { healthy: 'ready', unhealthy: 'not ready' },
  liveness: { healthy: 'well', unhealthy: 'not well' },
};

const OUTCOME: { readonly [O in Extract<Event, { type: 'scheduled' }>['outcome']]: string } = {
  set: 'counts from now on',
  done: 'its time has come',
  skipped: 'its time has come, and there is nothing to do',
  missed: 'its time was missed, and that is too long ago',
};

/** The types of all events. */
export const EVENT_TYPES: readonly string[] = Object.keys(LINES);

type Damage = Omit<Extract<Event, { type: 'journal_damaged' }>, 'type'>;

/** What is wrong with a journal, and what became of it. */
export function damageText({ unreadable, missing, ledger, aside }: Damage): string {
  const parts = [
    ...(unreadable > 0 ? [`${unreadable} line${unreadable === 1 ? '' : 's'} could not be read`] : []),
    ...(missing.length > 0 ? [`missing: ${missing.map(rangeText).join(', ')}`] : []),
    ...(ledger === undefined ? [] : [`the ledger ${ledger}`]),
    ...(aside === undefined ? [] : [`what was there is kept in ${aside}`]),
  ];
  return parts.join('; ');
}

function rangeText({ from, to }: SeqRange): string {
  return from === to ? String(from) : `${from} to ${to}`;
}

/** An event as a line of text. One of a newer colony, whose type is not known here, is its type. */
export function describe<T extends Event['type']>(event: Extract<Event, { type: T }>): string {
  return Object.hasOwn(LINES, event.type) ? (LINES[event.type as T] as Describe<T>)(event) : event.type;
}
