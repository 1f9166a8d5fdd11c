import type { Report } from '../../child/report.ts';
import type { Millis, Reported } from '../../reconciler/types.ts';

/** A report with the time at which it was written, on the steady clock, and the file it stands in. */
export type Dated = { readonly name: string; readonly at: Millis; readonly report: Report };

/** Of each kind the last report of one run. */
export type Latest = ReadonlyMap<Report['kind'], Dated>;

/** Of two reports the later one counts; within one instant their names tell, which hold a finer time. */
export function isLater(one: Dated, other: Dated): boolean {
  return one.at === other.at ? order(one.name) > order(other.name) : one.at > other.at;
}

function order(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}

/** What a run has said of itself, all together. */
export function reportedBy(latest: Latest): Reported {
  const at = (kind: Report['kind']) => latest.get(kind)?.at;
  const ready = at('ready');
  const beat = at('heartbeat');
  const { state, status, extend } = Object.fromEntries(latest) as { readonly [K in Report['kind']]?: Dated };
  return {
    ready,
    heartbeat: ready === undefined || beat === undefined ? (beat ?? ready) : Math.max(ready, beat),
    state: state?.report.kind === 'state' ? { state: state.report.state, at: state.at } : undefined,
    status: status?.report.kind === 'status' ? { text: status.report.text, at: status.at } : undefined,
    extendedUntil: extend?.report.kind === 'extend' ? extend.at + extend.report.ms : undefined,
  };
}

/** Whether somebody waits for it: one sign of life after the other is no news. */
export function isNews(before: Dated | undefined, now: Dated): boolean {
  if (!before) return true;
  const { report } = now;
  if (report.kind === 'heartbeat') return false;
  if (report.kind === 'ready' || report.kind === 'extend') return true;
  return JSON.stringify(before.report) !== JSON.stringify(report);
}
