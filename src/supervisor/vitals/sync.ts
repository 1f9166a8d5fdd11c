import { ownerFirst } from '../../reconciler/pair.ts';
import type { AgentName, Desired, Millis, Observed, RunId, Session, Vitals } from '../../reconciler/types.ts';
import type { News } from '../../tmux/types.ts';
import { announce, type Colony } from '../colony.ts';
import { activityOf, NOTHING_KNOWN } from './activity.ts';
import { helpersKilled, killedForMemory, recent, suspectsIn, withCause } from './deaths.ts';
import type { Subject } from './gauge.ts';
import { readMachine } from './machine.ts';
import { horizonOf, SHORT } from './needs.ts';

/** How often the processes of all agents are looked at while somebody needs it. */
const PERIOD: Millis = 5_000;

/** What is not older than this is good enough for somebody who asks. */
const FRESH: Millis = 2_000;

/** tmux tells the time of the last output to the second, rounded down. */
const SECOND: Millis = 1_000;

type Known = Extract<Observed, { known: true }>;

/** An agent whose program runs, in the session that is its own. */
type Running = {
  readonly agent: AgentName;
  readonly session: Session & { readonly run: string };
  readonly pid: number;
};

/**
 * Bring `colony.vitals` up to what was just observed, and see to it that the processes are looked at again when anybody
 * needs that. Without a policy that does, nothing is read and no timer runs.
 */
export function syncVitals(colony: Colony, wake: () => void): void {
  refresh(colony);
  const needs = ({ agent }: Running) => colony.gauge.watchers.size > 0 || needsOf(colony, agent) !== undefined;
  if (!runningIn(colony).some(needs)) {
    clearTimeout(colony.nextLook);
    colony.nextLook = undefined;
    return;
  }
  const { at = colony.clock() - PERIOD + SECOND } = colony.gauge;
  const due = Math.max(0, at + PERIOD - colony.clock());
  colony.nextLook ??= setTimeout(() => void lookAgain(colony, wake), due).unref();
}

async function lookAgain(colony: Colony, wake: () => void): Promise<void> {
  // Where no file can be opened at the moment nothing is known of this time, and the next look is tried as usual.
  await look(colony).catch(() => undefined);
  colony.nextLook = undefined;
  wake();
}

/** Have the processes looked at regularly, whatever the agents are set up with; the answer ends that. */
export function watchVitals(colony: Colony, wake: () => void): () => void {
  const watcher = Symbol('watcher');
  colony.gauge.watchers.add(watcher);
  syncVitals(colony, wake);
  return () => colony.gauge.watchers.delete(watcher);
}

/** Look at the processes now, unless that was done a moment ago; for who asks. */
export async function freshVitals(colony: Colony): Promise<void> {
  const { at } = colony.gauge;
  if (at === undefined || colony.clock() - at >= FRESH) await look(colony).catch(() => undefined);
}

async function look(colony: Colony): Promise<void> {
  const running = runningIn(colony);
  if (running.length > 0)
    await colony.gauge.look(
      running.map((one) => subjectOf(colony, one)),
      colony.clock(),
    );
  refresh(colony);
}

/** What was observed, and which programs the kernel has killed for want of memory. `before`: what was observed then. */
export function withCauses(colony: Colony, before: Observed, observed: Known, news: News): Known {
  const { oom, gauge, journal, operations } = colony;
  const suspects = suspectsIn(observed, before, journal.ledger).filter(
    ({ agent }) => operations.get(agent)?.kind !== 'starting',
  );
  if (suspects.length === 0 && news === 'ended') return observed;
  const kills = oom.news();
  const ownerOf = (pid: number) => gauge.ownerOf(pid);
  for (const event of helpersKilled(kills, mainsOf(colony), ownerOf)) announce(colony, event);
  const possible = recent([...oom.unexplained, { ...kills, at: observed.at }], observed.at);
  const killed = killedForMemory(suspects, possible, ownerOf);
  oom.unexplained = killed.length > 0 ? possible.filter(({ victims }) => victims) : possible;
  return withCause(observed, killed);
}

function mainsOf(colony: Colony): ReadonlyMap<RunId, { readonly agent: AgentName; readonly pid: number }> {
  return new Map(runningIn(colony).map(({ agent, pid, session }) => [session.run, { agent, pid }]));
}

/** Learn how much memory the machine has left, if anything depends on it. */
export function lookAtMachine(colony: Colony, { concurrency }: Desired): void {
  if (concurrency.memory_reserve > 0) colony.machine = readMachine();
}

function subjectOf(colony: Colony, { agent, session, pid }: Running): Subject {
  const pss = colony.desired?.agents.get(agent)?.memory?.measure === 'pss';
  return { run: session.run, pid, pss, horizon: needsOf(colony, agent) ?? SHORT };
}

function needsOf({ desired }: Colony, agent: AgentName): Millis | undefined {
  const spec = desired?.agents.get(agent);
  return spec && horizonOf(spec);
}

function runningIn({ observed }: Colony): readonly Running[] {
  if (!observed.known) return [];
  return [...observed.sessions].flatMap(([agent, sessions]): Running[] => {
    const [session] = ownerFirst(sessions);
    if (session?.run === undefined || session.main.state !== 'alive') return [];
    return [{ agent, session: { ...session, run: session.run }, pid: session.main.pid }];
  });
}

function refresh(colony: Colony): void {
  const { observed, gauge } = colony;
  if (!observed.known) return;
  // A program that has ended keeps its session, and what is known of its processes may be needed to end the rest.
  gauge.keepOnly(new Set([...observed.sessions.values()].flat().flatMap(({ run }) => run ?? [])));
  colony.vitals = new Map(runningIn(colony).map((one) => [one.agent, vitalsOf(colony, one)]));
}

function vitalsOf({ vitals, gauge, reported, clock }: Colony, { agent, session }: Running): Vitals {
  const { run, started } = session;
  const known = vitals.get(agent);
  const said = reported?.(run);
  const samples = gauge.samplesOf(run);
  const output = ofThisLife(session);
  const before = known?.run === run ? known.activity : NOTHING_KNOWN;
  const activity = activityOf({ now: clock(), started, reported: said?.state, output, samples, before });
  return { run, samples, activity, output, said: said?.status };
}

/** A pane keeps the time of the last output from one life to the next. */
function ofThisLife({ output, started }: Session): Millis | undefined {
  if (output === undefined || started === undefined) return output;
  return output + SECOND > started ? Math.max(output, started) : undefined;
}
