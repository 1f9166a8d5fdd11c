import type { RunReport } from '../../control/protocol.ts';
import { exitText } from '../../reconciler/explain.ts';
import type { Millis } from '../../reconciler/types.ts';
import { age, ageOf } from './age.ts';
import type { Style } from './colour.ts';
import { type Cell, type TableOptions, table } from './table.ts';

const STYLES: { readonly [S in RunReport['state']]: Style } = {
  running: 'good',
  completed: 'good',
  failed: 'bad',
  killed: 'quiet',
  stale: 'changing',
};

const NARROW = ['AGENT', 'GEN', 'STATE', 'STARTED', 'UP', 'PID', 'EXIT'];
const EXTRA = ['RUN', 'ENDED', 'MODEL', 'CONTEXT', 'COST', 'CONVERSATION', 'COMMAND', 'WORKDIR'];

export type HistoryView = TableOptions & { readonly now: Millis; readonly wide: boolean };

/** One line for each life of an agent. */
export function historyText(runs: readonly RunReport[], view: HistoryView): string {
  const header = [...NARROW, ...(view.wide ? EXTRA : []), 'REASON'];
  return runs.length === 0
    ? 'no runs are recorded\n'
    : table(
        header,
        runs.map((run) => cells(run, view)),
        view,
      );
}

function cells(run: RunReport, { now, wide }: HistoryView): readonly Cell[] {
  return [
    run.agent,
    String(run.generation),
    { text: run.state, style: STYLES[run.state] },
    ago(run.started, now),
    run.uptime_ms === null ? '' : age(run.uptime_ms),
    run.pid === null ? '' : String(run.pid),
    exitOf(run),
    ...(wide ? [run.run, ago(run.ended, now), ...conversing(run), run.command ?? '', run.workdir ?? ''] : []),
    run.reason?.text ?? '',
  ];
}

function conversing({ model, context_percent: context, cost_usd: cost, conversation }: RunReport): readonly string[] {
  return [
    model ?? '',
    context === null ? '' : `${context}%`,
    cost === null ? '' : `$${cost.toFixed(2)}`,
    conversation ?? '',
  ];
}

function ago(instant: string | null, now: Millis): string {
  return instant === null ? '' : `${ageOf(instant, now)} ago`;
}

function exitOf({ code, signal, oom, ended }: RunReport): string {
  if (ended === null) return '';
  if (oom) return 'out of memory';
  return code === null && signal === null ? '' : exitText({ code: code ?? undefined, signal: signal ?? undefined });
}
