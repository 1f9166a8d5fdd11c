import { tidings } from './alerts.ts';
import { circuitEvent } from './breaker.ts';
import { isLooping } from './crash-loop.ts';
import { exitReason } from './exit.ts';
import { hasLiveRun, noHistory, record } from './ledger.ts';
import { ownerFirst } from './pair.ts';
import { afterReboot } from './reboot.ts';
import { newsOf } from './telling.ts';
import type {
  AgentName,
  Event,
  Exit,
  History,
  Millis,
  Observed,
  Reason,
  ReconcileInput,
  Session,
  Vitals,
} from './types.ts';

type Known = Extract<Observed, { known: true }>;

export type Noticing = Omit<ReconcileInput, 'observed' | 'now'> & { readonly observed: Known };

/**
 * What the world shows that the ledger does not know yet.
 *
 * Everything that happened without colony's doing enters the journal here: ends of processes, sessions closed by hand,
 * lives that an earlier supervisor started and could not write down, the loss of the tmux server. When nothing of that
 * is new, what it all adds up to is noticed: that an agent is in a crash loop, that many fail together. So whoever wants
 * to know everything asks again, with these events in the ledger, until there are none.
 *
 * Of an agent that is being started nothing is noticed: whoever starts it is about to write down a life that the ledger
 * does not know yet, and even if that life is over already its start must come before its end.
 */
export function notice(noticing: Noticing): readonly Event[] {
  const { observed, ledger, desired, operations } = noticing;
  const server = serverEvents(observed, noticing);
  // The loss of a server ends every run that it held, so what follows is compared with the ledger after it.
  const known = server.reduce((past, event) => record(past, { ...event, seq: past.seq, at: observed.at }), ledger);
  const names = [...new Set([...observed.sessions.keys(), ...known.agents.keys()])].sort();
  const settled = names.filter((agent) => operations.get(agent)?.kind !== 'starting');
  const agents = settled.flatMap((agent) => {
    const [session] = ownerFirst(observed.sessions.get(agent) ?? []);
    const history = known.agents.get(agent) ?? noHistory;
    const resetAfter = desired.agents.get(agent)?.restart.reset_after;
    const context = { agent, history, at: observed.at, resetAfter, vitals: noticing.vitals.get(agent) };
    return session ? fromSession(session, context) : fromAbsence(context);
  });
  const seen = [...server, ...agents];
  return seen.length > 0 ? seen : conclusions(noticing);
}

function conclusions(noticing: Noticing): readonly Event[] {
  const { observed, ledger, desired } = noticing;
  const now = observed.at;
  const looping = [...desired.agents.values()].flatMap(({ name, restart }): Event[] => {
    const { restarts, window, action } = restart.crash_loop;
    const history = ledger.agents.get(name);
    const isNew = action === 'notify' && history && !history.looping && isLooping(restart, history, now);
    return isNew ? [{ type: 'crash_looping', agent: name, restarts, window }] : [];
  });
  const circuit = circuitEvent({ ...noticing, now });
  const ofAgents = inOrderOfNames([...looping, ...newsOf(noticing), ...tidings(noticing)]);
  return [...ofAgents, ...(circuit ? [circuit] : [])];
}

function inOrderOfNames(events: readonly Event[]): readonly Event[] {
  const name = (event: Event) => ('agent' in event ? event.agent : '');
  return [...events].sort((a, b) => (name(a) < name(b) ? -1 : 1));
}

/** `ledger`: as it is before any of these. */
function serverEvents(observed: Known, { ledger, desired }: Pick<Noticing, 'ledger' | 'desired'>): readonly Event[] {
  const { server, boot } = observed;
  const before = ledger.server;
  const rebooted = before !== undefined && isOtherBoot(before.boot, boot);
  const same = server?.pid === before?.pid && server?.start === before?.start;
  if (same && !rebooted) return [];
  const running = [...ledger.agents.values()].filter(hasLiveRun).length;
  const lost: readonly Event[] = before
    ? [{ type: 'server_lost', agents: running, ...(rebooted ? { rebooted } : {}) }]
    : [];
  const wishes = rebooted ? afterReboot(desired, ledger) : [];
  return [...wishes, ...lost, ...(server ? [{ type: 'server_started', server } as const] : [])];
}

function isOtherBoot(before: string | undefined, now: string | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now;
}

type Context = {
  readonly agent: AgentName;
  readonly history: History;
  readonly at: Millis;
  readonly resetAfter: Millis | undefined;
  /** As they were measured last; of which life, they say. */
  readonly vitals: Vitals | undefined;
};

function fromSession(session: Session, context: Context): readonly Event[] {
  const { history, agent } = context;
  const { main } = session;
  // A session without a run was made and never filled: its spawn was cut short, and nothing has happened in it.
  if (session.run === undefined || main.state === 'empty') return [];
  const known = session.run === history.run;
  const adopted: readonly Event[] = known ? [] : [adoption(session, agent)];
  if (main.state === 'alive' || (known && !hasLiveRun(history))) return adopted;
  const life = { generation: session.generation, run: session.run, started: session.started };
  if (main.state === 'gone') return [...adopted, exitEvent(NO_EXIT, { code: 'pane_closed' }, life, context)];
  const at = main.at !== undefined && main.at < context.at - CLOSE ? main.at : context.at;
  const { exit, oom = false } = main;
  return [...adopted, { ...exitEvent(exit, exitReason({ ...exit, oom }), life, { ...context, at }), oom }];
}

function fromAbsence(context: Context): readonly Event[] {
  const { history } = context;
  if (!hasLiveRun(history)) return [];
  return [exitEvent(NO_EXIT, { code: 'session_closed' }, history, context)];
}

/** tmux tells the time of a death to the second; what it says counts only if it is clearly longer ago. */
const CLOSE: Millis = 2_000;

const NO_EXIT: Exit = { code: undefined, signal: undefined };

function adoption(session: Session, agent: AgentName): Event {
  const pid = session.main.state === 'alive' ? session.main.pid : undefined;
  return { type: 'adopted', agent, generation: session.generation, run: session.run, started: session.started, pid };
}

function exitEvent(
  exit: Exit,
  reason: Reason,
  life: Pick<History, 'generation' | 'run' | 'started'>,
  { agent, history, at, resetAfter, vitals }: Context,
): Extract<Event, { type: 'exited' }> {
  const uptime = life.started === undefined ? undefined : Math.max(0, at - life.started);
  const healthy = resetAfter !== undefined && uptime !== undefined && uptime >= resetAfter;
  const { generation, run } = life;
  const telemetry = vitals?.run === run ? vitals?.told.telemetry : undefined;
  const conversation = history.run === run ? history.conversation?.id : undefined;
  const told = { ...(telemetry ? { telemetry } : {}), ...(conversation === undefined ? {} : { conversation }) };
  return { type: 'exited', agent, exit, ended: at, generation, run, uptime, oom: false, healthy, reason, ...told };
}
