import { matches } from '../../config/glob.ts';
import type { HistoryReport, RunReport } from '../../control/protocol.ts';
import type { LiveRun, RunRecord } from '../../reconciler/runs.ts';
import type { AgentName, Millis, Offset, Telemetry } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';
import { noSuchAgent } from '../configuration.ts';
import { hasLabel, knownAgents, wholeNumber } from '../events-query.ts';
import { REFRESH } from '../history/historian.ts';
import { type Lives, loadLives } from '../history/load.ts';
import { limitsOf } from '../history/past.ts';
import { isoOf } from '../wall-time.ts';
import { Refused } from './context.ts';

/** A life that nobody has seen for so long: its supervisor is gone, and nobody knows. */
const STALE: Millis = 3 * REFRESH;

/** Past and present lives of agents, the latest first; also of agents that the file does not name any more. */
export function history(colony: Colony, params: URLSearchParams): HistoryReport {
  const limits = limitsOf(colony);
  const lives = colony.historian?.lives ?? loadLives(colony.paths, colony.journal.pending, limits);
  const now = colony.clock();
  const { offsets } = colony.journal.ledger;
  const past = lives.past.within(limits, now);
  const names = params.getAll('agent');
  const labels = params.getAll('label');
  checkKnown(colony, names, lives);
  const wanted = ({ agent }: RunRecord): boolean =>
    (names.length === 0 || names.some((name) => matches(name, agent))) &&
    labels.every((label) => hasLabel(colony, agent, label));
  const runs = [...past, ...lives.live.values()].filter(wanted).sort(latestFirst);
  const chosen = firstOfEach(runs, wholeNumber(params, 'count') ?? Number.POSITIVE_INFINITY);
  return {
    version: 1,
    colony: colony.name,
    runs: chosen.map((run) => reportOf(upToDate(colony, run), lives, { now, offsets })),
  };
}

function checkKnown(colony: Colony, names: readonly string[], { past, live }: Lives): void {
  const known = [...new Set([...knownAgents(colony), ...past.agents, ...live.keys()])];
  const missing = names.find((name) => !known.some((agent) => matches(name, agent)));
  if (missing !== undefined) throw new Refused(noSuchAgent(missing, known));
}

function latestFirst(a: RunRecord, b: RunRecord): number {
  return (b.started ?? 0) - (a.started ?? 0) || b.generation - a.generation;
}

function firstOfEach<T extends { readonly agent: AgentName }>(runs: readonly T[], count: number): readonly T[] {
  const seen = new Map<AgentName, number>();
  return runs.filter(({ agent }) => {
    const before = seen.get(agent) ?? 0;
    seen.set(agent, before + 1);
    return before < count;
  });
}

type Clocks = { readonly now: Millis; readonly offsets: readonly Offset[] };

function reportOf(run: RunRecord | LiveRun, { refreshed }: Lives, { now, offsets }: Clocks): RunReport {
  const { agent, generation, started, ended, exit } = run;
  const running = run.state === 'running';
  return {
    agent,
    generation,
    run: run.run,
    pid: orNull(run.pid),
    command: orNull(run.command),
    workdir: orNull(run.workdir),
    state: running && now - refreshed > STALE ? 'stale' : run.state,
    started: isoOf(offsets, started),
    ended: isoOf(offsets, ended),
    uptime_ms: uptime(started, running ? refreshed : ended),
    code: orNull(exit?.code),
    signal: orNull(exit?.signal),
    oom: run.oom,
    reason: orNull(run.reason),
    tail: run.tail,
    conversation: orNull(run.conversation),
    ...figuresOf(run.telemetry),
    refreshed: running && refreshed > 0 ? isoOf(offsets, refreshed) : null,
  };
}

function figuresOf(telemetry: Telemetry | undefined): Pick<RunReport, 'model' | 'context_percent' | 'cost_usd'> {
  const { model, context, cost } = telemetry ?? {};
  return {
    model: orNull(model),
    context_percent: context === undefined ? null : Math.round(context * 100),
    cost_usd: orNull(cost),
  };
}

/** Of a life that goes on the present is known, and not yet written down. */
function upToDate<T extends RunRecord | LiveRun>({ journal, vitals }: Colony, run: T): T {
  if (run.state !== 'running') return run;
  const history = journal.ledger.agents.get(run.agent);
  const now = vitals.get(run.agent);
  const conversation = history?.run === run.run ? history.conversation?.id : undefined;
  return { ...run, conversation, telemetry: now?.run === run.run ? now.told.telemetry : undefined };
}

function uptime(started: Millis | undefined, until: Millis | undefined): Millis | null {
  return started === undefined || until === undefined ? null : Math.max(0, until - started);
}

function orNull<T>(value: T | undefined): T | null {
  return value ?? null;
}
