import type { AgentStatus } from '../control/protocol.ts';
import { explain } from '../reconciler/explain.ts';
import type { History, Millis, Offset, ReconcileInput, Role, RunId, Session, Vitals } from '../reconciler/types.ts';
import type { AgentView } from '../reconciler/view.ts';
import type { LastFinding } from './probing/group.ts';
import { NOTHING_KNOWN } from './vitals/activity.ts';
import { ageOf, isoOf, resetOf } from './wall-time.ts';

/** What the probes of a life found the last time. */
export type Findings = (run: RunId) => readonly LastFinding[];

/** One agent as the contract wants it. */
export function agentStatus(view: AgentView, input: ReconcileInput, findings: Findings): AgentStatus {
  const vitals = vitalsOf(view, input);
  const { offsets } = input.ledger;
  const { spec, session, history, reason, phase } = view;
  const alive = session?.main.state === 'alive' ? session.main : undefined;
  return {
    name: view.agent,
    kind: spec?.kind ?? 'shell',
    description: spec?.description ?? '',
    labels: spec?.labels ?? {},
    workdir: spec?.workdir ?? null,
    phase,
    reason: reason ? { code: reason.code, text: explain(reason) } : null,
    since: isoOf(offsets, view.since),
    ready: phase === 'ready',
    pid: alive?.pid ?? null,
    generation: history.generation,
    started: alive ? isoOf(offsets, session?.started) : null,
    uptime_ms: alive ? uptimeOf(session, input) : null,
    restarts: { window: view.recentFailures, total: history.restarts },
    ...figuresOf(vitals, input),
    context_percent: percentOf(vitals?.told.telemetry?.context),
    conversation: history.conversation?.id ?? null,
    telemetry: telemetryStatus(vitals, input),
    session: session ? { id: session.id, name: session.name, attached: session.attached } : null,
    next_action_at: isoOf(offsets, view.nextActionAt),
    last_exit: lastExit(history, offsets),
    health: healthStatus(view, offsets),
    waits: waitsStatus(view, offsets),
    alerts: alertStatus(history, offsets),
    said: vitals?.said?.text ?? null,
    drift: view.drift,
    probes: probesStatus(view, findings, offsets),
  };
}

/** Of the life that runs; what was measured of an earlier one says nothing. */
function vitalsOf({ agent, session }: AgentView, { vitals }: ReconcileInput): Vitals | undefined {
  const found = vitals.get(agent);
  return session?.main.state === 'alive' && found?.run === session.run ? found : undefined;
}

function uptimeOf(session: Session | undefined, { now }: ReconcileInput): Millis | null {
  return session?.started === undefined ? null : Math.max(0, now - session.started);
}

function percentOf(share: number | undefined): number | null {
  return share === undefined ? null : Math.round(share * 100);
}

function telemetryStatus(vitals: Vitals | undefined, { ledger, now }: ReconcileInput): AgentStatus['telemetry'] {
  const telemetry = vitals?.told.telemetry;
  if (!telemetry) return null;
  const { at, model, cost, limits } = telemetry;
  return {
    age_ms: ageOf(ledger.offsets, at, now),
    model: model ?? null,
    cost_usd: cost ?? null,
    limits: limits.map(({ name, used, resets }) => ({
      name,
      used_percent: Math.round(used * 100),
      // The programs tell it by the machine's clock.
      resets: isoOf([], resets),
    })),
  };
}

function healthStatus({ history, spec }: AgentView, offsets: readonly Offset[]): AgentStatus['health'] {
  const of = (role: Role) => {
    const verdict = (spec?.probes[role].length ?? 0) > 0 ? history.health[role] : undefined;
    if (!verdict) return null;
    const { is, since, probe, text } = verdict;
    return { is, since: isoOf(offsets, since), probe, text };
  };
  return { startup: of('startup'), readiness: of('readiness'), liveness: of('liveness') };
}

function probesStatus({ session }: AgentView, findings: Findings, offsets: readonly Offset[]): AgentStatus['probes'] {
  const found = session?.main.state === 'alive' && session.run !== undefined ? findings(session.run) : [];
  return found.map(({ at, ...finding }) => ({ ...finding, at: isoOf(offsets, at) }));
}

function waitsStatus({ waits }: AgentView, offsets: readonly Offset[]): AgentStatus['waits'] {
  if (!waits) return null;
  const { to, reason, until } = waits;
  return { to, reason: reason.code, text: explain(reason), for: waits.for, until: isoOf(offsets, until) };
}

function alertStatus({ alerts }: History, offsets: readonly Offset[]): AgentStatus['alerts'] {
  return Object.entries(alerts).map(([policy, { level, since, reason }]) => ({
    policy,
    level,
    since: isoOf(offsets, since),
    text: explain(reason),
  }));
}

type Figures = Pick<AgentStatus, 'activity' | 'memory_bytes' | 'cpu_percent' | 'processes'>;

/** What was measured of a program that runs. */
function figuresOf(vitals: Vitals | undefined, { ledger: { offsets }, now }: ReconcileInput): Figures {
  const { state, source, at, for: what, until } = vitals?.activity ?? NOTHING_KNOWN;
  const sample = vitals?.samples.at(-1);
  return {
    activity: {
      state,
      ...(what === undefined ? {} : { for: what }),
      ...(until === undefined ? {} : { until: resetOf(offsets, until) }),
      source: source ?? null,
      age_ms: at === undefined ? null : ageOf(offsets, at, now),
    },
    memory_bytes: sample ? (sample.pss ?? sample.rss) : null,
    cpu_percent: sample?.cpu === undefined ? null : Math.round(sample.cpu * 100),
    processes: sample?.processes ?? null,
  };
}

function lastExit({ lastExit: exit }: History, offsets: readonly Offset[]): AgentStatus['last_exit'] {
  if (!exit) return null;
  const { code, signal, oom, at, uptime, tail } = exit;
  return {
    code: code ?? null,
    signal: signal ?? null,
    oom,
    at: isoOf(offsets, at),
    uptime_ms: uptime ?? null,
    tail,
  };
}
