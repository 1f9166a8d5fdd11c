import { hasLiveRun } from '../reconciler/ledger.ts';
import { leftovers } from '../reconciler/leftovers.ts';
import { notice } from '../reconciler/notice.ts';
import { ownerFirst } from '../reconciler/pair.ts';
import { reconcile } from '../reconciler/reconcile.ts';
import { teardown } from '../reconciler/teardown.ts';
import type { AgentName, Desired, Event, Millis, Observed, PaneId, Plan, RunId, Session } from '../reconciler/types.ts';
import { viewOf } from '../reconciler/view.ts';
import { announce, type Colony, inputOf } from './colony.ts';
import { observe } from './observe.ts';
import { occupy } from './occupy.ts';
import { begin } from './perform.ts';
import { keepScreen, tailOf } from './screens.ts';

type Known = Extract<Observed, { known: true }>;

/**
 * One pass of the supervisor: look, notice, think, begin to act.
 *
 * The only place where the pure core meets the world. If looking fails nothing is done: not knowing is not the same as
 * finding nothing. The answer is when to look again unasked.
 */
export async function pass(colony: Colony, wake: () => void): Promise<Millis | undefined> {
  const { desired } = colony;
  if (!desired) return undefined;
  const before = colony.observed;
  const sight = await observe(colony, desired);
  colony.observed = sight.observed;
  tellReachability(colony, before, sight.observed);
  if (!sight.observed.known) return colony.clock() + RETRY;
  if (!colony.armed) return undefined;
  if (!colony.settledIn) finishStops(colony, sight.observed, wake);
  await noticeAll(colony, sight.observed, desired, wake);
  const plan = planFor(colony, desired);
  for (const action of plan.actions) begin(action, colony, wake);
  showPhases(colony, sight.observed, desired);
  for (const session of sight.haunted) exorcise(colony, session, wake);
  return plan.wakeAt;
}

/** While tmux does not answer it is asked again this often. */
const RETRY: Millis = 1_000;

function planFor(colony: Colony, desired: Desired): Plan {
  const input = inputOf(colony, desired);
  return colony.goal === 'down' ? teardown(input) : reconcile(input);
}

function tellReachability(colony: Colony, before: Observed, now: Observed): void {
  if (!now.known && before.known) announce(colony, { type: 'unreachable', why: now.why });
  if (now.known && !before.known && before.why !== NOT_LOOKED_YET) announce(colony, { type: 'reachable' });
}

/** What is said of the world before the first look. */
export const NOT_LOOKED_YET = 'not looked yet';

/** Bring the ledger up to what was seen; noticing one thing can uncover another, so ask until nothing is new. */
async function noticeAll(colony: Colony, observed: Known, desired: Desired, wake: () => void): Promise<void> {
  for (let round = 0; round < 4; round++) {
    const events = notice(observed, colony.journal.ledger, desired).filter((event) => !isStarting(colony, event));
    if (events.length === 0) return;
    const complete = await Promise.all(events.map((event) => withTail(colony, observed, event)));
    for (const event of complete) {
      // An operation may have written down the end while the screen was read.
      if (!isNews(colony, event)) continue;
      if (event.type === 'server_lost') sweepOrphans(colony, wake);
      announce(colony, event);
    }
  }
}

/** Whoever starts an agent writes that down; until then its new life would be taken for one that nobody knows. */
function isStarting(colony: Colony, event: Event): boolean {
  return 'agent' in event && colony.operations.get(event.agent)?.kind === 'starting';
}

function isNews(colony: Colony, event: Event): boolean {
  if (event.type !== 'exited') return true;
  const history = colony.journal.ledger.agents.get(event.agent);
  return history === undefined || history.run !== event.run || hasLiveRun(history);
}

/** The last screen of a dead program is read before its successor clears it. */
async function withTail(colony: Colony, observed: Known, event: Event): Promise<Event> {
  const pane = event.type === 'exited' ? deadPane(observed, event.agent) : undefined;
  if (event.type !== 'exited' || !pane || !colony.tmux) return event;
  const screen = await colony.tmux.capture(pane, { history: 2_000 });
  if (!screen.ok) return event;
  keepScreen(colony.paths, event.agent, screen.value);
  return { ...event, tail: tailOf(screen.value) };
}

function deadPane(observed: Known, agent: string): PaneId | undefined {
  const main = ownerFirst(observed.sessions.get(agent) ?? [])[0]?.main;
  return main?.state === 'dead' ? main.pane : undefined;
}

/** Each session's status line says what colony thinks of its agent. */
function showPhases(colony: Colony, observed: Known, desired: Desired): void {
  for (const { session, phase } of viewOf(inputOf(colony, desired, observed))) {
    if (!session || session.shown === phase) continue;
    colony.tmux?.label(session.id, { shown: phase }).catch(() => undefined);
  }
}

/** The program has ended and something of it holds the terminal open: that has to go before the end can be seen. */
function exorcise(colony: Colony, { agent, run }: Session, wake: () => void): void {
  if (run !== undefined && !colony.operations.has(agent)) sweep(colony, agent, run, wake);
}

/** Programs that ignored the hang-up of a dying tmux server live on without a terminal, and would be doubled. */
function sweepOrphans(colony: Colony, wake: () => void): void {
  for (const [agent, history] of colony.journal.ledger.agents) {
    if (history.run !== undefined && hasLiveRun(history)) sweep(colony, agent, history.run, wake);
  }
}

/** Stops that an earlier supervisor had begun are carried through before anything else is done to those agents. */
function finishStops(colony: Colony, observed: Known, wake: () => void): void {
  colony.settledIn = true;
  for (const { agent, run } of leftovers(observed, colony.journal.ledger)) sweep(colony, agent, run, wake);
}

/** The agent rests until nothing of that run is left. */
function sweep(colony: Colony, agent: AgentName, run: RunId, wake: () => void): void {
  const reason = { code: 'not_running' } as const;
  const release = occupy(colony, agent, { kind: 'stopping', since: colony.clock(), reason });
  void colony.reaper.sweep(run, [], true).finally(() => {
    release();
    colony.tmux?.poke();
    wake();
  });
}
