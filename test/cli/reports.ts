import type { AgentStatus, PlanReport, PlanRow, StatusReport } from '../../src/control/protocol.ts';
import { VERSION } from '../../src/version.ts';

/** The instant at which the pure renderers look. */
export const NOW = Date.parse('2026-03-01T12:00:00Z');

/** One healthy agent, with whatever differs in a test. */
export function agent(name: string, differs: Partial<AgentStatus> = {}, now = NOW): AgentStatus {
  return {
    name,
    kind: 'shell',
    description: '',
    labels: {},
    workdir: '/srv/shop',
    phase: 'ready',
    reason: null,
    since: ago(210_000, now),
    ready: true,
    pid: 4711,
    generation: 1,
    started: ago(210_000, now),
    uptime_ms: 210_000,
    restarts: { window: 0, total: 0 },
    activity: { state: 'unknown', source: null, age_ms: null },
    memory_bytes: null,
    cpu_percent: null,
    processes: null,
    context_percent: null,
    conversation: null,
    session: { id: '$1', name, attached: false },
    next_action_at: null,
    last_exit: null,
    health: { startup: null, readiness: null, liveness: null },
    probes: [],
    waits: null,
    alerts: [],
    said: null,
    telemetry: null,
    drift: [],
    ...differs,
  };
}

/** An agent whose program fails. */
export function failing(name: string, now = NOW): AgentStatus {
  return agent(
    name,
    {
      phase: 'backoff',
      ready: false,
      pid: null,
      started: null,
      reason: { code: 'exited', text: 'the program ended: exit code 3' },
      restarts: { window: 2, total: 7 },
      generation: 8,
      next_action_at: new Date(now + 90_500).toISOString(),
      last_exit: { code: 3, signal: null, oom: false, at: ago(65_000, now), uptime_ms: 1_200, tail: [] },
    },
    now,
  );
}

/** The status of a colony. */
export function report(agents: readonly AgentStatus[], differs: Partial<StatusReport> = {}): StatusReport {
  return {
    version: 1,
    colony: 'shop',
    config: { path: '/srv/shop/colony.yaml', valid: true, generation: 3 },
    supervisor: { pid: 99, version: VERSION, since: ago(3_600_000, NOW) },
    tmux: { command: 'tmux -L colony-shop', reachable: true },
    login: null,
    warnings: [],
    summary: { ready: agents.filter(({ ready }) => ready).length, total: agents.length },
    agents,
    ...differs,
  };
}

/** A plan with these rows. */
export function plan(rows: readonly PlanRow[], differs: Partial<PlanReport> = {}): PlanReport {
  const count = (sign: PlanRow['sign']) => rows.filter((row) => row.sign === sign).length;
  const summary = { add: count('+'), replace: count('-/+'), change: count('~'), remove: count('-') };
  return { version: 1, colony: 'shop', rows, summary, blocked: [], drifted_variables: [], ...differs };
}

export const ADD: PlanRow = { sign: '+', agent: 'web', reason: 'not_running', text: 'does not run yet', changes: [] };

function ago(span: number, now: number): string {
  return new Date(now - span).toISOString();
}
