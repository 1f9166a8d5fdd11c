import { inOrder, whichCounts } from '../../agents/ladder.ts';
import { isAdopted } from '../../processes/adopted.ts';
import { nothingTold } from '../../reconciler/nothing-told.ts';
import type { AgentName, Millis, Session, Told, Vitals } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';
import { activityBy, activityOf, commonSigns, NOTHING_KNOWN, type Signs } from './activity.ts';
import type { Subject } from './gauge.ts';
import { lastingSigns } from './lasting.ts';
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
 * needs that; `wake` is called after each such look. Where nobody does, and all programs are shells, nothing is read and
 * no timer runs. The answer tells whether any program can be read, and when to look at the world again unasked.
 */
export function syncVitals(
  colony: Colony,
  wake: () => void,
): { readonly readable: boolean; readonly lookAt: Millis | undefined } {
  const runnings = runningIn(colony.observed);
  const readable = colony.reader.knowsAny(runnings, colony.clock());
  const needed = isNeeded(colony, runnings);
  if (needed || readable) refresh(colony);
  if (needed) lookInTime(colony, wake);
  else stopLooking(colony);
  colony.reader.follow(colony.tmux, runnings);
  if (!readable) return { readable, lookAt: undefined };
  colony.reader.look(colony.tmux, runnings, colony.clock);
  return { readable, lookAt: colony.reader.nextLook(runnings, colony.clock()) };
}

function stopLooking(colony: Colony): void {
  clearTimeout(colony.nextLook);
  colony.nextLook = undefined;
}

function lookInTime(colony: Colony, wake: () => void): void {
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

function isNeeded(colony: Colony, runnings: readonly Running[]): boolean {
  if (colony.gauge.watchers.size > 0) return true;
  // What a program has started that was adopted can be told by looks alone.
  return runnings.some(({ run, agent }) => isAdopted(run) || needsOf(colony, agent) !== undefined);
}

/** The pass that this leads to brings `colony.vitals` up to it. */
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
  if (at !== undefined && colony.clock() - at < FRESH) return;
  await look(colony);
  refresh(colony);
}

/** How one agent does at this very moment, as far as that can be read without looking at its processes. */
export function vitalsNow(colony: Colony, agent: AgentName): Vitals | undefined {
  const running = runningIn(colony.observed).find((each) => each.agent === agent);
  return running && vitalsOf(colony, running);
}

async function look(colony: Colony): Promise<void> {
  const subjects = runningIn(colony.observed).map((running) => subjectOf(colony, running));
  // Where no file can be opened at the moment nothing becomes known, and the next look is tried as usual.
  if (subjects.length > 0) await colony.gauge.look(subjects, colony.clock()).catch(() => undefined);
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
  const { observed, gauge, reader } = colony;
  if (!observed.known) return;
  // A program that has ended keeps its session, and what is known of its processes may be needed to end the rest.
  const runs = new Set([...observed.sessions.values()].flat().flatMap(({ run }) => run ?? []));
  gauge.keepOnly(runs);
  reader.keepOnly(runs);
  colony.vitals = new Map(runningIn(observed).map((running) => [running.agent, vitalsOf(colony, running)]));
}

function vitalsOf(colony: Colony, running: Running): Vitals {
  const { agent, run, session } = running;
  const { started } = session;
  const known = colony.vitals.get(agent);
  const said = colony.reports.of(run);
  const samples = colony.gauge.samplesOf(run);
  const output = ofThisLife(session);
  const before = known?.run === run ? known.activity : NOTHING_KNOWN;
  const signs = { now: colony.clock(), started, reported: said?.state, output, samples, before };
  return { run, samples, output, said: said?.status, ...knownOf(colony, running, signs) };
}

/** What it is doing, and what it has told. A program that nothing else is known of is judged by what it prints. */
function knownOf(colony: Colony, running: Running, signs: Signs): Pick<Vitals, 'activity' | 'told'> {
  const { offsets } = colony.journal.ledger;
  const read = colony.reader.read(running, colony.reports.told(running.run), signs.now, offsets);
  const marker = markerOf(colony, running, read?.told.answer);
  const isShell = (colony.desired?.agents.get(running.agent)?.kind ?? 'shell') === 'shell';
  if (!read) return { activity: isShell ? activityOf(signs) : NOTHING_KNOWN, told: { ...nothingTold, marker } };
  // A program that has not shown itself yet is starting, whatever it waits for then.
  const isThere = read.signs.length > 0;
  const lasting = isThere ? lastingSigns(colony.journal.ledger, running.agent, read.told.prompted) : [];
  const evidence = inOrder([...read.signs, ...lasting, ...commonSigns(signs)]);
  const activity = activityBy(whichCounts(evidence, signs.now), signs.before);
  return { activity, told: { ...read.told, evidence, marker } };
}

/**
 * The line by which this life has said that its work is done: one that it has printed, or one of its last answer. A
 * conversation that goes on may still end with what was answered in an earlier life.
 */
function markerOf(colony: Colony, { agent, run, session }: Running, answer: Told['answer']): string | undefined {
  const { output, answer: pattern } = colony.desired?.agents.get(agent)?.completion ?? {};
  const printed = output === undefined ? undefined : colony.prober?.markerOf(run);
  if (printed !== undefined || pattern === undefined) return printed;
  if (!answer || answer.at < (session.started ?? 0)) return undefined;
  return colony.prober?.answers.lineIn({ agent, run, pattern }, answer.text);
}

/** A pane keeps the time of the last output from one life to the next. */
function ofThisLife({ output, started }: Session): Millis | undefined {
  if (output === undefined || started === undefined) return output;
  return output + SECOND > started ? Math.max(output, started) : undefined;
}
