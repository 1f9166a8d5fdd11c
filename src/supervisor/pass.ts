import { earliest } from '../policies/earliest.ts';
import { notice } from '../reconciler/notice.ts';
import { reconcile } from '../reconciler/reconcile.ts';
import { teardown } from '../reconciler/teardown.ts';
import type { Desired, Millis, Observed, Plan } from '../reconciler/types.ts';
import { viewOf } from '../reconciler/view.ts';
import type { News } from '../tmux/types.ts';
import { takeAdvice } from './advising.ts';
import { afterExit } from './after-exit.ts';
import { announce, type Colony, inputOf } from './colony.ts';
import { glance, observe, takeOver } from './observe.ts';
import { begin, cutShort } from './perform.ts';
import { syncProbes } from './probing/sync.ts';
import { exorcise, finishStops, sweepOrphans } from './sweeps.ts';
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
  const observed = withCauses(colony, before, sight.observed, news);
  noticeAll(colony, observed, desired, wake);
  if (news === 'anything' && desired.concurrency.memory_reserve > 0) colony.machine = readMachine();
  const lookAt = readAll(colony, observed, desired, wake);
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
  return earliest([plan.wakeAt, again.lookAt, lookAt]);
}

/** Read how the programs do. What they make known is written down at once: somebody may wait for it. */
function readAll(colony: Colony, observed: Known, desired: Desired, wake: Wake): Millis | undefined {
  const { readable, lookAt } = syncVitals(colony, wake);
  if (readable) noticeAll(colony, observed, desired, wake);
  return lookAt;
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
      if (event.type === 'exited') afterExit(colony, observed, event, wake);
    }
  }
}

/** Each session's status line says what colony thinks of its agent. */
function showPhases(colony: Colony, observed: Known, desired: Desired): void {
  for (const { agent, session, phase } of viewOf(inputOf(colony, desired, observed))) {
    // Who is being started is shown as what it then is by the very command that starts it.
    if (!session || session.shown === phase || colony.operations.get(agent)?.kind === 'starting') continue;
    void colony.tmux?.label(session.id, { shown: phase }).then(({ ok }) => {
      if (ok) takeOver(colony, session, { ...session, shown: phase });
    });
  }
}
