import { earliest } from '../policies/earliest.ts';
import { hasLiveRun } from '../reconciler/ledger.ts';
import { leftovers } from '../reconciler/leftovers.ts';
import { notice } from '../reconciler/notice.ts';
import { ownerFirst } from '../reconciler/pair.ts';
import { reconcile } from '../reconciler/reconcile.ts';
import { teardown } from '../reconciler/teardown.ts';
import type { AgentName, Desired, Event, Millis, Observed, PaneId, Plan, RunId, Session } from '../reconciler/types.ts';
import { viewOf } from '../reconciler/view.ts';
import type { News } from '../tmux/types.ts';
import { takeAdvice } from './advising.ts';
import { announce, type Colony, inputOf } from './colony.ts';
import { afterStop, hasPostStop } from './hooks/stop.ts';
import { glance, observe, takeOver } from './observe.ts';
import { occupy } from './occupy.ts';
import { begin, cutShort } from './perform.ts';
import { syncProbes } from './probing/sync.ts';
import { keepScreen, tailOf } from './screens.ts';
import { withCauses } from './vitals/causes.ts';
import { readMachine } from './vitals/machine.ts';
import { measureBy, syncVitals } from './vitals/sync.ts';

type Known = Extract<Observed, { known: true }>;
type Wake = (news?: News) => void;

/**
 * One pass of the supervisor: look, notice, think, begin to act.
 *
 * The only place where the pure core meets the world. If looking fails nothing is done: not knowing is not the same as
 * finding nothing. The answer is when to look again unasked.
 */
export async function pass(colony: Colony, wake: Wake, news: News): Promise<Millis | undefined> {
  const { desired } = colony;
  if (!desired) return undefined;
  const before = colony.observed;
  const sight = (news === 'ended' ? await glance(colony, desired) : undefined) ?? (await observe(colony, desired));
  colony.observed = sight.observed;
  tellReachability(colony, before, sight.observed);
  if (!sight.observed.known) return colony.clock() + RETRY;
  if (!colony.armed) return undefined;
  if (!colony.settledIn) finishStops(colony, sight.observed, wake);
  noticeAll(colony, withCauses(colony, before, sight.observed, news), desired, wake);
  if (news === 'anything' && desired.concurrency.memory_reserve > 0) colony.machine = readMachine();
  syncVitals(colony, wake);
  cutShort(colony);
  if (news === 'anything') void colony.reports.read();
  const again = await takeAdvice(colony, desired, news);
  measureBy(colony, again.measureAt, wake);
  const plan = planFor(colony, desired);
  for (const action of plan.actions) begin(action, colony, wake);
  // While programs are being started tmux has more urgent things to do.
  if (![...colony.operations.values()].some(({ kind }) => kind === 'starting')) {
    showPhases(colony, sight.observed, desired);
  }
  for (const session of sight.haunted) exorcise(colony, session, wake);
  syncProbes(colony, sight.observed, desired, wake);
  return earliest([plan.wakeAt, again.lookAt]);
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
function noticeAll(colony: Colony, observed: Known, desired: Desired, wake: Wake): void {
  for (let round = 0; round < 4; round++) {
    const events = notice({ ...inputOf(colony, desired), observed });
    if (events.length === 0) return;
    for (const event of events) {
      if (event.type === 'server_lost') sweepOrphans(colony, wake);
      announce(colony, event);
      if (event.type !== 'exited') continue;
      keepLastLines(colony, observed, event);
      followUp(colony, event, wake);
    }
  }
}

/**
 * A program has ended by itself, and its agent has a hook for that: the next start waits until it is through. Of one
 * that is being ended from here, whoever ends it sees to it.
 */
function followUp(colony: Colony, event: Extract<Event, { type: 'exited' }>, wake: Wake): void {
  const { agent, generation, run, reason, exit } = event;
  if (!hasPostStop(colony, agent) || (run !== undefined && colony.operations.get(agent)?.ends === run)) return;
  const release = occupy(colony, agent, { kind: 'stopping', since: colony.clock(), reason });
  void afterStop(colony, { agent, generation, run, reason, pid: undefined }, exit).finally(() => {
    release();
    wake();
  });
}

/**
 * Keep what a dead program has left on its screen, before its successor clears it.
 *
 * It is asked for now and comes later: tmux does one thing after the other, so a restart need not wait for it.
 */
function keepLastLines(colony: Colony, observed: Known, { agent, run }: Extract<Event, { type: 'exited' }>): void {
  const pane = deadPane(observed, agent);
  if (!pane || run === undefined) return;
  void colony.tmux?.capture(pane, { history: 2_000 }).then((screen) => {
    if (!screen.ok) return;
    keepScreen(colony.paths, agent, screen.value);
    const tail = tailOf(screen.value);
    if (tail.length > 0) announce(colony, { type: 'last_lines', agent, run, tail });
  });
}

function deadPane(observed: Known, agent: string): PaneId | undefined {
  const main = ownerFirst(observed.sessions.get(agent) ?? [])[0]?.main;
  return main?.state === 'dead' ? main.pane : undefined;
}

/** Each session's status line says what colony thinks of its agent. */
function showPhases(colony: Colony, observed: Known, desired: Desired): void {
  for (const { session, phase } of viewOf(inputOf(colony, desired, observed))) {
    // Who is being started is shown as what it then is by the very command that starts it.
    if (!session || session.shown === phase || phase === 'starting') continue;
    void colony.tmux?.label(session.id, { shown: phase }).then(({ ok }) => {
      if (ok) takeOver(colony, session, { ...session, shown: phase });
    });
  }
}

/** The program has ended and something of it holds the terminal open: that has to go before the end can be seen. */
function exorcise(colony: Colony, { agent, run }: Session, wake: Wake): void {
  if (run !== undefined && !colony.operations.has(agent)) sweep(colony, agent, run, wake);
}

/** Programs that ignored the hang-up of a dying tmux server live on without a terminal, and would be doubled. */
function sweepOrphans(colony: Colony, wake: Wake): void {
  for (const [agent, history] of colony.journal.ledger.agents) {
    const { generation, run } = history;
    if (run === undefined || !hasLiveRun(history)) continue;
    const lost = { agent, generation, run, reason: { code: 'tmux_server_lost' }, pid: undefined } as const;
    sweep(colony, agent, run, wake, () => afterStop(colony, lost, undefined));
  }
}

/** Stops that an earlier supervisor had begun are carried through before anything else is done to those agents. */
function finishStops(colony: Colony, observed: Known, wake: Wake): void {
  colony.settledIn = true;
  for (const { agent, run } of leftovers(observed, colony.journal.ledger)) sweep(colony, agent, run, wake);
}

/** The agent rests until nothing of that run is left, and `then` is through. */
function sweep(colony: Colony, agent: AgentName, run: RunId, wake: Wake, then?: () => Promise<void>): void {
  const reason = { code: 'not_running' } as const;
  const release = occupy(colony, agent, { kind: 'stopping', since: colony.clock(), reason });
  void colony.reaper
    .sweep(run, colony.gauge.remembered(run), true)
    .then(then)
    .finally(() => {
      release();
      colony.tmux?.poke();
      wake();
    });
}
