import type { AgentStatus, StatusReport, WaitsStatus } from '../../control/protocol.ts';
import { formatBytes } from '../../reconciler/amount.ts';
import { exitText } from '../../reconciler/explain.ts';
import type { Millis, Phase } from '../../reconciler/types.ts';
import { age, ageOf, until } from './age.ts';
import { type Paint, plain, type Style } from './colour.ts';
import { type Cell, table } from './table.ts';
import { oneLine } from './width.ts';

export type StatusView = {
  readonly now: Millis;
  readonly wide?: boolean;
  readonly paint?: Paint;
  /** Columns of the terminal; absent: nothing is cut. */
  readonly width?: number | undefined;
};

/** Whether nobody needs to look after an agent in this phase, and how it is shown. */
const PHASES: { readonly [P in Phase]: { readonly well: boolean; readonly style: Style } } = {
  ready: { well: true, style: 'good' },
  completed: { well: true, style: 'good' },
  disabled: { well: true, style: 'quiet' },
  stopped: { well: true, style: 'quiet' },
  pending: { well: false, style: 'changing' },
  starting: { well: false, style: 'changing' },
  stopping: { well: false, style: 'changing' },
  backoff: { well: false, style: 'changing' },
  degraded: { well: false, style: 'bad' },
  held: { well: false, style: 'bad' },
  unknown: { well: false, style: 'bad' },
};

/** Whether an agent is as it should be: it does its work, has done it, or is not meant to run. */
export function isWell({ phase }: Pick<AgentStatus, 'phase'>): boolean {
  return PHASES[phase].well;
}

/** The state of the colony for people: what holds for all of it, then one line per agent. */
export function statusText(report: StatusReport, agents: readonly AgentStatus[], view: StatusView): string {
  const rows = agents.map((agent) => columnsOf(agent, view));
  const body = rows.length === 0 ? 'no agents\n' : table(headerOf(view), rows, view);
  return `${headText(report, view.paint)}${loginText(report, view.paint)}${body}`;
}

/** `shop: 3 of 4 ready`, and what is wrong with the colony as a whole. */
export function headText(report: StatusReport, paint: Paint = plain): string {
  // A supervisor of an older release knows no warnings.
  const { colony, summary, config, supervisor, tmux, warnings = [] } = report;
  const lines = [`${paint('strong', colony)}: ${summary.ready} of ${summary.total} ready`];
  if (!supervisor) lines.push(paint('bad', 'no supervisor runs (colony apply starts it)'));
  if (!tmux.reachable) lines.push(paint('bad', `tmux is out of reach: ${oneLine(tmux.error ?? 'no reason given')}`));
  lines.push(...warnings.map((warning) => paint('bad', `warning: ${oneLine(warning)}`)));
  if (!config.valid) {
    lines.push(paint('bad', `${oneLine(config.path)} is not valid, so the last valid configuration stays in force:`));
    lines.push(
      ...(config.error ?? 'no reason given')
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`),
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** Whether it comes back after a reboot; a supervisor of an older release does not know. */
function loginText({ login = null }: StatusReport, paint: Paint = plain): string {
  if (!login) return '';
  const atBoot = login.manager === 'cron' || login.lingering === true;
  const when = atBoot ? 'at boot' : 'at your next login, not at boot: see `colony enable`';
  return `${paint('quiet', `${login.manager} starts it ${login.manager === 'launchd' ? 'when you log in' : when}`)}\n`;
}

/** Agents that somebody should look after, with what each is doing. */
export function unwellText(agents: readonly AgentStatus[], { now, paint, width }: StatusView): string {
  const rows = agents.map((agent) => [agent.name, phaseCell(agent), agentNext(agent, now), agentReason(agent)]);
  return table(['NAME', 'PHASE', 'NEXT', 'REASON'], rows, { ...(paint ? { paint } : {}), width });
}

const NARROW = ['NAME', 'PHASE', 'UP', 'RESTARTS', 'PID', 'MEMORY', 'CPU', 'ACTIVITY'];
const EXTRA = ['KIND', 'MODEL', 'CONTEXT', 'COST', 'GEN', 'SESSION', 'NEXT', 'LABELS', 'LAST-EXIT'];

function headerOf({ wide }: StatusView): readonly string[] {
  return [...NARROW, ...(wide ? EXTRA : []), 'REASON'];
}

function columnsOf(agent: AgentStatus, { wide, now }: StatusView): readonly Cell[] {
  const narrow: readonly Cell[] = [
    agent.name,
    phaseCell(agent),
    uptimeOf(agent, now),
    String(agent.restarts.total),
    agent.pid === null ? '' : String(agent.pid),
    agent.memory_bytes === null ? '' : formatBytes(agent.memory_bytes),
    agent.cpu_percent === null ? '' : `${agent.cpu_percent}%`,
    activityText(agent.activity, now),
  ];
  return [...narrow, ...(wide ? extraColumns(agent, now) : []), agentReason(agent)];
}

function extraColumns(agent: AgentStatus, now: Millis): readonly Cell[] {
  const labels = Object.entries(agent.labels).map(([key, value]) => `${key}=${value}`);
  return [
    agent.kind,
    agent.telemetry?.model ?? '',
    agent.context_percent === null ? '' : `${agent.context_percent}%`,
    typeof agent.telemetry?.cost_usd === 'number' ? `$${agent.telemetry.cost_usd.toFixed(2)}` : '',
    String(agent.generation),
    agent.session ? `${agent.session.name}${agent.session.attached ? ' (attached)' : ''}` : '',
    agentNext(agent, now),
    labels.join(','),
    lastExitText(agent, now),
  ];
}

/** A supervisor of an older release tells only when it was started. */
function uptimeOf({ pid, started, uptime_ms: uptime }: AgentStatus, now: Millis): string {
  if (pid === null) return '';
  return typeof uptime === 'number' ? age(uptime) : ageOf(started, now);
}

function phaseCell({ phase }: AgentStatus): Cell {
  return { text: phase, style: PHASES[phase].style };
}

/** Why it is as it is. That it did not run before it was started says nothing about one that runs. */
function agentReason({ reason, ready, waits, alerts = [], probes = [], said }: AgentStatus): string {
  const why = reason === null || (ready && reason.code === 'not_running') ? '' : reason.text;
  const parts = [
    ...(waits ? [waitsText(waits)] : []),
    ...alerts.map(({ level, text }) => `${level === 'warn' ? 'warning' : 'attention'}: ${text}`),
    ...(why === '' ? [] : [why]),
    ...probes
      .filter(({ is }) => is === 'unknown')
      .map(({ role, probe, text }) => `the ${probe} probe for ${role} cannot tell: ${text}`),
    ...(said ? [`says: ${said}`] : []),
  ];
  return parts.join('; ');
}

const FOR = {
  idle: 'until it is idle',
  person: 'until nobody types there',
  command: 'for `colony restart`',
  dialog: 'until its dialog is answered',
  limit: 'until its usage limit is reset',
} as const;

function waitsText({ to, text, for: cause }: WaitsStatus): string {
  return `${to} waits ${FOR[cause]}: ${text}`;
}

function agentNext(agent: AgentStatus, now: Millis): string {
  return until(agent.next_action_at, now);
}

function activityText(activity: AgentStatus['activity'], now: Millis): string {
  if (activity.state === 'unknown') return '';
  if (activity.for) return `${activity.state}: ${activity.for}`;
  return activity.until ? `${activity.state} ${age(Date.parse(activity.until) - now)}` : activity.state;
}

function lastExitText({ last_exit: exit }: AgentStatus, now: Millis): string {
  if (!exit) return '';
  return `${exit.oom ? 'out of memory' : exitText({ code: exit.code ?? undefined, signal: exit.signal ?? undefined })}, ${ageOf(exit.at, now)} ago`;
}
