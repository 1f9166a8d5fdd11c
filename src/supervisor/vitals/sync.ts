import { nothingTold } from '../../reconciler/conversing.ts';
import type { AgentName, Millis, Session, Vitals } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';
import { activityOf, NOTHING_KNOWN } from './activity.ts';
import type { Subject } from './gauge.ts';
import { horizonOf, SHORT } from './needs.ts';
import { type Running, runningIn } from './running.ts';

/** How often the processes of all agents are looked at while somebody needs it. */
const PERIOD: Millis = 5_000;

/** The first look lets the programs that are being started go before. */
const FIRST: Millis = 1_000;

/** What is not older than this is good enough for somebody who asks. */
const FRESH: Millis = 2_000;

/** tmux tells the time of the last output to the second, rounded down. */
const SECOND: Millis = 1_000;

/**
 * Bring `colony.vitals` up to what was just observed, and see to it that the processes are looked at again when anybody
 * needs that; `wake` is called after each such look. Where nobody does, nothing is read and no timer runs.
 */
export function syncVitals(colony: Colony, wake: () => void): void {
  if (!isNeeded(colony)) {
    clearTimeout(colony.nextLook);
    colony.nextLook = undefined;
    return;
  }
  refresh(colony);
  const { at } = colony.gauge;
  const due = at === undefined ? FIRST : Math.max(0, at + PERIOD - colony.clock());
  colony.nextLook ??= setTimeout(() => void lookAgain(colony, wake), due).unref();
}

/** Look at the processes at this time already: a policy then knows whether something was so for long enough. */
export function measureBy(colony: Colony, at: Millis | undefined, wake: () => void): void {
  const regular = (colony.gauge.at ?? 0) + PERIOD;
  if (at === undefined || at >= regular || colony.nextLook === undefined) return;
  clearTimeout(colony.nextLook);
  // A timer may ring a moment early, and a moment too few is not yet long enough.
  const due = Math.max(0, at - colony.clock()) + 1;
  colony.nextLook = setTimeout(() => void lookAgain(colony, wake), due).unref();
}

function isNeeded(colony: Colony): boolean {
  if (colony.gauge.watchers.size > 0) return true;
  const agents = colony.desired?.agents.values() ?? [];
  const needy = [...agents].some((spec) => horizonOf(spec) !== undefined);
  return needy && runningIn(colony.observed).some(({ agent }) => needsOf(colony, agent) !== undefined);
}

async function lookAgain(colony: Colony, wake: () => void): Promise<void> {
  await look(colony);
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
  if (at === undefined || colony.clock() - at >= FRESH) await look(colony);
}

async function look(colony: Colony): Promise<void> {
  const subjects = runningIn(colony.observed).map((running) => subjectOf(colony, running));
  // Where no file can be opened at the moment nothing becomes known, and the next look is tried as usual.
  if (subjects.length > 0) await colony.gauge.look(subjects, colony.clock()).catch(() => undefined);
  refresh(colony);
}

function subjectOf(colony: Colony, { agent, run, pid }: Running): Subject {
  const pss = colony.desired?.agents.get(agent)?.memory?.measure === 'pss';
  return { run, pid, pss, horizon: needsOf(colony, agent) ?? SHORT };
}

function needsOf({ desired }: Colony, agent: AgentName): Millis | undefined {
  const spec = desired?.agents.get(agent);
  return spec && horizonOf(spec);
}

function refresh(colony: Colony): void {
  const { observed, gauge } = colony;
  if (!observed.known) return;
  // A program that has ended keeps its session, and what is known of its processes may be needed to end the rest.
  gauge.keepOnly(new Set([...observed.sessions.values()].flat().flatMap(({ run }) => run ?? [])));
  colony.vitals = new Map(runningIn(observed).map((running) => [running.agent, vitalsOf(colony, running)]));
}

function vitalsOf(colony: Colony, { agent, run, session }: Running): Vitals {
  const { vitals, gauge, reports, prober, clock } = colony;
  const { started } = session;
  const known = vitals.get(agent);
  const said = reports.of(run);
  const samples = gauge.samplesOf(run);
  const output = ofThisLife(session);
  const before = known?.run === run ? known.activity : NOTHING_KNOWN;
  const activity = activityOf({ now: clock(), started, reported: said?.state, output, samples, before });
  return {
    run,
    samples,
    activity,
    output,
    said: said?.status,
    told: { ...nothingTold, marker: prober?.markerOf(run) },
  };
}

/** A pane keeps the time of the last output from one life to the next. */
function ofThisLife({ output, started }: Session): Millis | undefined {
  if (output === undefined || started === undefined) return output;
  return output + SECOND > started ? Math.max(output, started) : undefined;
}
