import type { AgentStatus } from '../control/protocol.ts';
import { explain } from '../reconciler/explain.ts';
import type { History, Millis, ReconcileInput, Role, RunId, Vitals } from '../reconciler/types.ts';
import type { AgentView } from '../reconciler/view.ts';
import type { LastFinding } from './probing/group.ts';
import { resetForPeople } from './reading/ahead.ts';
import { NOTHING_KNOWN } from './vitals/activity.ts';

/** What the probes of a life found the last time. */
export type Findings = (run: RunId) => readonly LastFinding[];

/** One agent as the contract wants it. */
export function agentStatus(view: AgentView, input: ReconcileInput, findings: Findings): AgentStatus {
  const vitals = vitalsOf(view, input);
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
    since: iso(view.since),
    ready: phase === 'ready',
    pid: alive?.pid ?? null,
    generation: history.generation,
    started: alive ? iso(session?.started) : null,
    restarts: { window: view.recentFailures, total: history.restarts },
    ...figuresOf(vitals, input.now),
    context_percent: percentOf(vitals?.told.telemetry?.context),
    conversation: history.conversation?.id ?? null,
    telemetry: telemetryStatus(vitals, input.now),
    session: session ? { id: session.id, name: session.name, attached: session.attached } : null,
    next_action_at: iso(view.nextActionAt),
    last_exit: lastExit(history),
    health: healthStatus(view),
    waits: waitsStatus(view),
    alerts: alertStatus(history),
    said: vitals?.said?.text ?? null,
    drift: view.drift,
    probes: probesStatus(view, findings),
  };
}

/** Of the life that runs; what was measured of an earlier one says nothing. */
function vitalsOf({ agent, session }: AgentView, { vitals }: ReconcileInput): Vitals | undefined {
  const found = vitals.get(agent);
  return session?.main.state === 'alive' && found?.run === session.run ? found : undefined;
}

function percentOf(share: number | undefined): number | null {
  return share === undefined ? null : Math.round(share * 100);
}

function telemetryStatus(vitals: Vitals | undefined, now: Millis): AgentStatus['telemetry'] {
  const telemetry = vitals?.told.telemetry;
  if (!telemetry) return null;
  const { at, model, cost, limits } = telemetry;
  return {
    age_ms: Math.max(0, now - at),
    model: model ?? null,
    cost_usd: cost ?? null,
    limits: limits.map(({ name, used, resets }) => ({
      name,
      used_percent: Math.round(used * 100),
      resets: iso(resets),
    })),
  };
}

function healthStatus({ history, spec }: AgentView): AgentStatus['health'] {
  const of = (role: Role) => {
    const verdict = (spec?.probes[role].length ?? 0) > 0 ? history.health[role] : undefined;
    if (!verdict) return null;
    const { is, since, probe, text } = verdict;
    return { is, since: new Date(since).toISOString(), probe, text };
  };
  return { startup: of('startup'), readiness: of('readiness'), liveness: of('liveness') };
}

function probesStatus({ session }: AgentView, findings: Findings): AgentStatus['probes'] {
  const found = session?.main.state === 'alive' && session.run !== undefined ? findings(session.run) : [];
  return found.map(({ at, ...finding }) => ({ ...finding, at: new Date(at).toISOString() }));
}

function waitsStatus({ waits }: AgentView): AgentStatus['waits'] {
  if (!waits) return null;
  const { to, reason, until } = waits;
  return { to, reason: reason.code, text: explain(reason), for: waits.for, until: iso(until) };
}

function alertStatus({ alerts }: History): AgentStatus['alerts'] {
  return Object.entries(alerts).map(([policy, { level, since, reason }]) => ({
    policy,
    level,
    since: new Date(since).toISOString(),
    text: explain(reason),
  }));
}

type Figures = Pick<AgentStatus, 'activity' | 'memory_bytes' | 'cpu_percent' | 'processes'>;

/** What was measured of a program that runs. */
function figuresOf(vitals: Vitals | undefined, now: Millis): Figures {
  const { state, source, at, for: what, until } = vitals?.activity ?? NOTHING_KNOWN;
  const sample = vitals?.samples.at(-1);
  return {
    activity: {
      state,
      ...(what === undefined ? {} : { for: what }),
      ...(until === undefined ? {} : { until: resetForPeople(until, now, Date.now()) }),
      source: source ?? null,
      age_ms: at === undefined ? null : Math.max(0, now - at),
    },
    memory_bytes: sample ? (sample.pss ?? sample.rss) : null,
    cpu_percent: sample?.cpu === undefined ? null : Math.round(sample.cpu * 100),
    processes: sample?.processes ?? null,
  };
}

function lastExit({ lastExit: exit }: History): AgentStatus['last_exit'] {
  if (!exit) return null;
  const { code, signal, oom, at, uptime, tail } = exit;
  return {
    code: code ?? null,
    signal: signal ?? null,
    oom,
    at: new Date(at).toISOString(),
    uptime_ms: uptime ?? null,
    tail,
  };
}

function iso(at: Millis | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
