import type { Line } from '../../agents/claude/statusline.ts';
import type { At, Hook, Hooks } from '../../agents/hook.ts';
import type { Millis, Reported } from '../../reconciler/types.ts';
import type { Heard } from './parse.ts';

/** A report with the time at which it was written, on the steady clock, and the file it stands in. */
export type Dated = { readonly name: string; readonly at: Millis; readonly report: Heard };

/** Of each kind the last report of one run; of each event of its hooks, and of status lines with and without news of the context. */
export type Latest = ReadonlyMap<string, Dated>;

/** Two reports of one slot are about the same: only the later one counts. */
export function slotOf(report: Heard): string {
  if (report.kind === 'hook') return report.hook.inner ? INNER : `hook ${report.hook.event}`;
  if (report.kind === 'statusline') return report.line.context === undefined ? BARE : FULL;
  return report.kind;
}

const INNER = 'hook of a sub-agent';
const BARE = 'statusline';
const FULL = 'statusline with context';

/** What a run has told by its hooks and for its status line. */
export type Told = {
  readonly hooks: Hooks;
  readonly line: At<Line> | undefined;
  /** The last line that told how full the context was. */
  readonly full: At<Line> | undefined;
};

/** All that a run has told so. */
export function toldBy(latest: Latest): Told {
  const hooks = [...latest.values()].flatMap(({ report, at }): [string, At<Hook>][] =>
    report.kind === 'hook' && !report.hook.inner ? [[report.hook.event, { ...report.hook, at }]] : [],
  );
  const [bare, full] = [latest.get(BARE), latest.get(FULL)];
  const last = bare && full ? (isLater(bare, full) ? bare : full) : (bare ?? full);
  return { hooks: Object.fromEntries(hooks), line: lineOf(last), full: lineOf(full) };
}

function lineOf(dated: Dated | undefined): At<Line> | undefined {
  return dated?.report.kind === 'statusline' ? { ...dated.report.line, at: dated.at } : undefined;
}

/** Of two reports the later one counts; within one instant their names tell, which hold a finer time. */
export function isLater(one: Dated, other: Dated): boolean {
  return one.at === other.at ? order(one.name) > order(other.name) : one.at > other.at;
}

function order(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}

/** What a run has said of itself, all together. */
export function reportedBy(latest: Latest): Reported {
  const at = (kind: Heard['kind']) => latest.get(kind)?.at;
  const ready = at('ready');
  const beat = at('heartbeat');
  const { state, status, extend } = Object.fromEntries(latest) as { readonly [K in Heard['kind']]?: Dated };
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
  const { report } = now;
  if (report.kind === 'hook') return !report.hook.inner;
  if (!before) return true;
  if (report.kind === 'heartbeat') return false;
  if (report.kind === 'ready' || report.kind === 'extend') return true;
  return JSON.stringify(before.report) !== JSON.stringify(report);
}
