import { earliest } from '../policies/earliest.ts';
import { notice } from '../reconciler/notice.ts';
import { reconcile } from '../reconciler/reconcile.ts';
import { standing } from '../reconciler/standing.ts';
import { teardown } from '../reconciler/teardown.ts';
import type { Desired, Millis, Observed, Plan } from '../reconciler/types.ts';
import { phasesOf } from '../reconciler/view.ts';
import type { News } from '../tmux/types.ts';
import { takeAdvice } from './advising.ts';
import { afterExit } from './after-exit.ts';
import { announce, type Colony, inputOf, underWay } from './colony.ts';
import { glance, observe, type Sight, takeOver } from './observe.ts';
import { begin } from './performing/begin.ts';
import { cutShort } from './performing/under-way.ts';
import { syncProbes } from './probing/sync.ts';
import { exorcise, finishStops, sweepOrphans } from './sweeps.ts';
import { isAnybodyDown } from './untold.ts';
import { withCauses } from './vitals/causes.ts';
import { readMachine } from './vitals/machine.ts';
import { measureBy, syncVitals } from './vitals/sync.ts';

type Known = Extract<Observed, { known: true }>;
type Wake = (news?: News) => void;

/** One pass: over which colony, as the file asks for, and what it is about. */
type Round = {
  readonly colony: Colony;
  readonly desired: Desired;
  readonly wake: Wake;
  readonly news: News;
};

/** When to look again unasked. */
type Later = Millis | undefined;

/**
 * One pass of the supervisor: look, learn, take counsel, begin to act.
 *
 * The only place where the pure core meets the world. If looking fails nothing is done: not knowing is not the same as
 * finding nothing. The answer is when to look again unasked.
 */
export async function pass(colony: Colony, wake: Wake, news: News): Promise<Later> {
  const { desired, observed: before } = colony;
  if (!desired) return undefined;
  colony.busy = new Map(colony.operations);
  const round: Round = { colony, desired, wake, news };
  const { observed, haunted } = await look(round);
  if (!observed.known) return colony.clock() + RETRY;
  if (!colony.armed) return undefined;
  const readable = await learn(round, observed, before);
  const advised = await takeCounsel(round);
  const planned = act(round);
  // While programs are being started tmux has more urgent things to do.
  if (!isStarting(colony)) showPhases(colony, observed, desired);
  for (const session of haunted) exorcise(colony, session, wake);
  syncProbes(colony, observed, desired, wake);
  return earliest([readable, advised, planned]);
}

async function look({ colony, desired, news }: Round): Promise<Sight> {
  const before = colony.observed;
  const sight = (news === 'ended' ? await glance(colony, desired) : undefined) ?? (await observe(colony, desired));
  colony.observed = sight.observed;
  tellReachability(colony, before, sight.observed);
  return sight;
}

/** Bring ledger and vitals up to what was seen; the answer is when programs that can be read are to be read again. */
async function learn(round: Round, seen: Known, before: Observed): Promise<Later> {
  const { colony, desired, wake, news } = round;
  const isFirst = !colony.settledIn;
  if (isFirst) finishStops(colony, seen, wake);
  const observed = withCauses(colony, before, seen, news, underWay(colony));
  noticeAll(round, observed);
  // What programs have told the supervisor before is known before anything follows from what they show.
  if (isFirst) await colony.reports.read();
  // Who is to be started asks for the memory that is left.
  const asksForMemory = desired.concurrency.memory_reserve > 0 && (news === 'anything' || isAnybodyDown(colony));
  if (asksForMemory) colony.machine = readMachine();
  const lookAt = readAll(round, observed);
  if (news === 'anything') void colony.reports.read();
  return lookAt;
}

async function takeCounsel({ colony, desired, wake, news }: Round): Promise<Later> {
  const { lookAt, measureAt } = await takeAdvice(colony, desired, news);
  measureBy(colony, measureAt, wake);
  return lookAt;
}

function act(round: Round): Later {
  const { colony, wake } = round;
  cutShort(colony);
  const plan = planFor(round);
  for (const action of plan.actions) begin(action, colony, wake);
  return plan.wakeAt;
}

function isStarting({ operations }: Colony): boolean {
  return [...operations.values()].some(({ kind }) => kind === 'starting');
}

/** Read how the programs do. What they make known is written down at once: somebody may wait for it. */
function readAll(round: Round, observed: Known): Later {
  const { readable, lookAt } = syncVitals(round.colony, round.wake);
  if (readable) noticeAll(round, observed);
  return lookAt;
}

/** While tmux does not answer it is asked again this often. */
const RETRY: Millis = 1_000;

function planFor(round: Round): Plan {
  const { colony, desired } = round;
  const input = { ...inputOf(colony, desired), operations: underWay(colony) };
  return colony.goal === 'down' ? teardown(input) : reconcile(input);
}

function tellReachability(colony: Colony, before: Observed, now: Observed): void {
  if (!now.known && before.known) announce(colony, { type: 'unreachable', why: now.why });
  if (now.known && !before.known && before.why !== NOT_LOOKED_YET) announce(colony, { type: 'reachable' });
}

/** What is said of the world before the first look. */
export const NOT_LOOKED_YET = 'not looked yet';

/** Bring the ledger up to what was seen; noticing one thing can uncover another, so ask until nothing is new. */
function noticeAll(round: Round, observed: Known): void {
  const { colony, desired, wake } = round;
  for (let times = 0; times < 4; times++) {
    const events = notice({ ...inputOf(colony, desired), observed, operations: underWay(colony) });
    if (events.length === 0) return;
    for (const event of events) {
      if (event.type === 'server_lost') sweepOrphans(colony, wake);
      announce(colony, event);
      if (event.type === 'exited') afterExit(colony, observed, event, wake);
    }
  }
}

/** Each session's status line says what colony thinks of its agent. */
function showPhases(colony: Colony, observed: Known, desired: Desired): void {
  for (const { agent, session, phase } of phasesOf(inputOf(colony, desired, observed))) {
    const shown = standing(phase, colony.vitals.get(agent)?.activity);
    // Who is being started is shown as what it then is by the very command that starts it.
    if (session.shown === shown || colony.operations.get(agent)?.kind === 'starting') continue;
    void colony.tmux?.label(session.id, { shown }).then(({ ok }) => {
      if (ok) takeOver(colony, session, { ...session, shown });
    });
  }
}
