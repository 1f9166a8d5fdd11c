import { existsSync } from 'node:fs';
import { colonyPaths } from '../control/paths.ts';
import type {
  AttachReport,
  LogsReport,
  Message,
  PlanReport,
  PlanRequest,
  Problem,
  StatusReport,
  WaitRequest,
  WhyReport,
} from '../control/protocol.ts';
import { Reaper } from '../processes/reaper.ts';
import { steppedBy, withOffset } from '../reconciler/offsets.ts';
import type { Desired, Ledger, Millis, Result } from '../reconciler/types.ts';
import type { AgentView } from '../reconciler/view.ts';
import { judge } from './awaited.ts';
import { readSteadyClock } from './clock.ts';
import type { Chronicle, Colony } from './colony.ts';
import { inputOf, nothingMeasured } from './colony.ts';
import { loadFile } from './configuration.ts';
import { connect } from './connect.ts';
import { Departed } from './departed.ts';
import { loadEnvironment, scrub } from './environment.ts';
import { Refused } from './handlers/context.ts';
import { eventsOffline } from './handlers/events.ts';
import { history } from './handlers/history.ts';
import { attach, logs } from './handlers/logs.ts';
import { plan } from './handlers/plan.ts';
import { nothingDesired, surroundings } from './handlers/status.ts';
import { answerOf, askedFor, candidatesOf, OUTCOMES, refuseUnknowable } from './handlers/wait.ts';
import { why } from './handlers/why.ts';
import { lastGood } from './last-good.ts';
import { observe } from './observe.ts';
import { otherFolder, ownerOf } from './owner.ts';
import { NOT_LOOKED_YET } from './pass.ts';
import { Reports } from './reports/reports.ts';
import { loadLedger } from './state/load.ts';
import { Saver } from './state/saver.ts';
import { statusReport } from './status-report.ts';
import { freshVitals } from './vitals/sync.ts';

/** What may be asked while no supervisor runs. */
export type OfflineAsk =
  | { readonly kind: 'status' }
  | { readonly kind: 'plan'; readonly request: PlanRequest }
  | { readonly kind: 'wait'; readonly request: WaitRequest }
  | { readonly kind: 'why'; readonly agent: string }
  | { readonly kind: 'events' | 'history'; readonly query: string }
  | { readonly kind: 'logs'; readonly agent: string; readonly lines: number; readonly previous: boolean }
  | { readonly kind: 'attach'; readonly agent: string; readonly read_only: boolean; readonly tmux: string | undefined };

export type OfflineRequest = { readonly home: string; readonly name: string; readonly path: string };

/** Answer as the supervisor would, without one: from the colony's files and a look at tmux. Nothing is changed. */
export async function offline(request: OfflineRequest, ask: OfflineAsk): Promise<Result<unknown, Problem>> {
  const colony = readColony(request);
  if (colony.path !== request.path && existsSync(colony.path))
    return { ok: false, error: otherFolder(request.name, colony.path) };
  if ('query' in ask) return fromRecords(colony, ask);
  const wanted = colony.desired ?? fromFile(colony) ?? nothingDesired(colony);
  const connected = await connect({
    desired: wanted,
    paths: colony.paths,
    home: colony.home,
    environment: colony.environment,
    lastServer: undefined,
    start: false,
    onWake: () => undefined,
    onClosed: () => undefined,
  });
  colony.tmux = connected.ok ? connected.value : undefined;
  colony.tmuxDown = connected.ok ? undefined : connected.error;
  try {
    return { ok: true, value: await answer(colony, wanted, ask) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, error: error.problem };
    throw error;
  } finally {
    await colony.tmux?.close();
  }
}

/** What stands in the colony's files alone, for which nobody has to ask tmux. */
function fromRecords(
  colony: Colony,
  { kind, query }: Extract<OfflineAsk, { query: string }>,
): Result<unknown, Problem> {
  const params = new URLSearchParams(query);
  try {
    return { ok: true, value: kind === 'events' ? eventsOffline(colony, params) : history(colony, params) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, error: error.problem };
    throw error;
  }
}

async function answer(
  colony: Colony,
  wanted: Desired,
  ask: Exclude<OfflineAsk, { query: string }>,
): Promise<StatusReport | PlanReport | LogsReport | AttachReport | Waited | WhyReport> {
  if (ask.kind === 'plan') return plan(colony, ask.request);
  colony.observed = (await observe(colony, wanted)).observed;
  // An agent that was never applied is none that nobody knows.
  if (ask.kind === 'logs' || ask.kind === 'attach') colony.desired = wanted;
  if (ask.kind === 'logs') return logs(colony, ask.agent, ask.lines, ask.previous);
  if (ask.kind === 'attach') return attach(colony, ask.agent, ask.read_only, ask.tmux);
  if (ask.kind === 'wait') return lookOnce(colony, wanted, ask.request);
  await freshVitals(colony);
  if (ask.kind === 'why') return why(colony, wanted, statusOf(colony, wanted), ask.agent);
  return statusOf(colony, wanted);
}

function statusOf(colony: Colony, wanted: Desired): StatusReport {
  const report = statusReport(inputOf(colony, wanted), { ...surroundings(colony, wanted), supervisor: null });
  return { ...report, agents: report.agents.map(withoutPromise) };
}

type Waited = Extract<Message, { type: 'waited' }>;

/** Nothing changes by itself while no supervisor runs: what is not so by now is not waited for (`timed_out`). */
function lookOnce(colony: Colony, wanted: Desired, request: WaitRequest): Waited {
  colony.desired = wanted;
  const asked = askedFor(colony, request);
  refuseUnknowable(colony, asked);
  const all = candidatesOf(colony, asked.what);
  const seen = asked.what === 'stopped' ? all.map(({ view, ...rest }) => ({ ...rest, view: unattended(view) })) : all;
  const { is, why } = judge(seen, asked.names, asked.what);
  // Where nothing is known to be wanted, nothing can be ready.
  const nothing = seen.length === 0 && asked.what !== 'stopped';
  return answerOf(asked, OUTCOMES[nothing ? 'not_yet' : is], why, statusOf(colony, wanted));
}

/** What has no process stays so while nobody starts it. */
function unattended(view: AgentView): AgentView {
  const runs = view.phase === 'unknown' || view.session?.main.state === 'alive';
  return runs ? view : { ...view, phase: 'stopped' };
}

/** Without a supervisor nothing is about to start. */
function withoutPromise(agent: StatusReport['agents'][number]): StatusReport['agents'][number] {
  return agent.phase === 'starting' || agent.phase === 'pending' ? { ...agent, phase: 'stopped' } : agent;
}

function readColony({ home, name, path }: OfflineRequest): Colony {
  const paths = colonyPaths(home, name, process.getuid?.() ?? 0);
  const clock = readSteadyClock(`${home}/clock.json`);
  const ledger = upToNow(loadLedger(paths), clock());
  const readOnly: Chronicle = {
    ledger,
    warnings: [],
    pending: [],
    announce: () => {
      throw new Error('nothing is written down while no supervisor runs');
    },
    look: () => undefined,
    listen: () => () => undefined,
  };
  const saver = new Saver();
  return {
    name,
    path: ownerOf(paths) ?? path,
    paths,
    clock,
    journal: readOnly,
    saver,
    historian: undefined,
    reaper: new Reaper(),
    reports: new Reports({ folder: paths.spool, clock, ledger: () => ledger, listen: readOnly.listen }),
    home: process.env.COLONY_HOME,
    since: Date.now(),
    manager: undefined,
    unsheltered: undefined,
    desired: lastGood(paths.desired),
    goal: 'run',
    hurry: false,
    departed: new Departed(paths.departed, saver),
    armed: false,
    settledIn: false,
    environment: loadEnvironment(paths.environment) ?? scrub(process.env),
    config: { error: undefined },
    remembered: undefined,
    sources: { files: [], patterns: [], stamps: new Map() },
    observed: { known: false, at: clock(), why: NOT_LOOKED_YET },
    tmux: undefined,
    tmuxDown: undefined,
    operations: new Map(),
    busy: new Map(),
    ...nothingMeasured(),
  };
}

/** With what a supervisor would notice at once: that the machine has slept since the last one, or its clock was set. */
function upToNow(ledger: Ledger, now: Millis): Ledger {
  const offset = steppedBy(ledger.offsets, { seen: ledger.at, now, wall: Date.now() });
  return offset ? { ...ledger, offsets: withOffset(ledger.offsets, offset) } : ledger;
}

function fromFile(colony: Colony): Desired | undefined {
  const loaded = loadFile(colony.path, [], colony.environment, false);
  return loaded.ok ? loaded.value.desired : undefined;
}
