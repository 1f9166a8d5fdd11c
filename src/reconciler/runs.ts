import { isSuccess } from './exit.ts';
import { explain } from './explain.ts';
import { lossReason } from './ledger.ts';
import type { AgentName, Applied, ConversationId, Entry, Exit, Millis, Reason, RunId, Telemetry } from './types.ts';

/** How one life of an agent's process stands. `killed`: ended by colony, or by a signal that somebody sent. */
export type RunState = 'running' | 'completed' | 'failed' | 'killed';

/** One life of one agent's process. Holds no value of a variable. */
export type RunRecord = {
  readonly agent: AgentName;
  readonly generation: number;
  readonly run: RunId;
  readonly pid: number | undefined;
  /** As the user set it; undefined: not known, or it holds values of variables. */
  readonly command: string | undefined;
  readonly workdir: string | undefined;
  readonly started: Millis | undefined;
  readonly ended: Millis | undefined;
  readonly exit: Exit | undefined;
  readonly oom: boolean;
  readonly reason: { readonly code: string; readonly text: string } | undefined;
  readonly state: RunState;
  /** The last lines of the screen. */
  readonly tail: readonly string[];
  /** What it had told of its conversation, and which one that was. */
  readonly telemetry?: Telemetry | undefined;
  readonly conversation?: ConversationId | undefined;
};

/** A life that has not ended, and what decides how its end is judged. */
export type LiveRun = RunRecord & { readonly asked: Reason | undefined; readonly success: readonly number[] };

export type LiveRuns = ReadonlyMap<AgentName, LiveRun>;
/** What the last screen of a life that has ended said. */
export type LastLines = { readonly agent: AgentName; readonly run: RunId; readonly tail: readonly string[] };
export type RunStep = {
  readonly live: LiveRuns;
  readonly ended: readonly RunRecord[];
  /** Comes after the end that it belongs to. */
  readonly last?: LastLines;
};

/** Fold one entry of the journal into the lives that go on; lives that it ends are given back. */
export function recordRun(live: LiveRuns, entry: Entry): RunStep {
  switch (entry.type) {
    case 'started':
      return begin(live, { ...begun(entry), ...settingsOf(entry.applied) }, entry.at);
    case 'adopted':
      return entry.run === undefined || live.get(entry.agent)?.run === entry.run
        ? unchanged(live)
        : begin(live, begun({ ...entry, run: entry.run }), entry.at);
    case 'updated':
      return change(live, entry.agent, undefined, (run) => ({ ...run, ...settingsOf(entry.applied) }));
    case 'stopping':
      if (entry.reason.code === 'duplicate') return unchanged(live);
      return change(live, entry.agent, entry.run, (run) => ({ ...run, asked: entry.reason }));
    case 'exited':
      return end(live, entry.agent, entry.run, (run) => ({
        ...judged(run, entry.exit, entry.oom, entry.reason),
        ended: entry.ended,
        telemetry: entry.telemetry,
        conversation: entry.conversation,
      }));
    case 'last_lines':
      return { live, ended: [], last: entry };
    case 'removed':
      if (entry.reason.code === 'duplicate') return unchanged(live);
      return end(live, entry.agent, entry.run, (run) => killed(run, entry.reason, entry.at));
    case 'server_lost': {
      const reason = lossReason(entry);
      return { live: new Map(), ended: [...live.values()].map((run) => plain(killed(run, reason, entry.at))) };
    }
    default:
      return unchanged(live);
  }
}

const unchanged = (live: LiveRuns): RunStep => ({ live, ended: [] });

type Beginning = {
  readonly agent: AgentName;
  readonly generation: number;
  readonly run: RunId;
  readonly pid: number | undefined;
  readonly started: Millis | undefined;
};

function begun({ agent, generation, run, pid, started }: Beginning): LiveRun {
  return {
    ...{ agent, generation, run, pid, started, command: undefined, workdir: undefined, ended: undefined },
    ...{ exit: undefined, oom: false, reason: undefined, state: 'running', tail: [], asked: undefined, success: [0] },
  };
}

/** One that was never seen to end has ended when its successor was there. */
function begin(live: LiveRuns, next: LiveRun, at: Millis): RunStep {
  const before = live.get(next.agent);
  const unseen = before ? [plain({ ...judged(before, NO_EXIT, false, { code: 'session_closed' }), ended: at })] : [];
  return { live: new Map(live).set(next.agent, next), ended: unseen };
}

const NO_EXIT: Exit = { code: undefined, signal: undefined };

/** A value that may be secret stands in the settings as a digest, which says nothing to a person. */
function settingsOf({ settings }: Applied): Pick<LiveRun, 'command' | 'workdir' | 'success'> {
  const open = (field: string) => (settings[field]?.startsWith('secret:') ? undefined : settings[field]);
  return {
    command: open('command'),
    workdir: open('workdir'),
    success: codesIn(open('restart.success_exit_codes')),
  };
}

function codesIn(text: string | undefined): readonly number[] {
  const codes = text?.match(/\d+/g)?.map(Number);
  return codes ?? [0];
}

function change(live: LiveRuns, agent: AgentName, run: RunId | undefined, how: (run: LiveRun) => LiveRun): RunStep {
  const before = live.get(agent);
  if (!before || (run !== undefined && before.run !== run)) return unchanged(live);
  return { live: new Map(live).set(agent, how(before)), ended: [] };
}

function end(live: LiveRuns, agent: AgentName, run: RunId | undefined, how: (run: LiveRun) => LiveRun): RunStep {
  const before = live.get(agent);
  if (!before || before.run !== run) return unchanged(live);
  const rest = new Map(live);
  rest.delete(agent);
  return { live: rest, ended: [plain(how(before))] };
}

/** Signals by which people and programs end others on purpose: HUP, INT, QUIT, KILL, TERM. */
const ON_PURPOSE: ReadonlySet<number> = new Set([1, 2, 3, 9, 15]);

/** Ends that a person caused by closing what the program ran in. */
const BY_HAND: ReadonlySet<string> = new Set(['pane_closed', 'session_closed']);

function judged(run: LiveRun, exit: Exit, oom: boolean, reason: Reason): LiveRun {
  const because = run.asked ?? reason;
  return { ...run, exit, oom, reason: told(because), state: stateOf(run, exit, oom, reason) };
}

function stateOf(run: LiveRun, exit: Exit, oom: boolean, reason: Reason): RunState {
  if (run.asked) return run.asked.code === 'work_done' ? 'completed' : 'killed';
  if (oom) return 'failed';
  if (BY_HAND.has(reason.code) || (exit.signal !== undefined && ON_PURPOSE.has(exit.signal))) return 'killed';
  return isSuccess(exit, run.success) ? 'completed' : 'failed';
}

function killed(run: LiveRun, reason: Reason, at: Millis): LiveRun {
  return { ...run, exit: NO_EXIT, reason: told(run.asked ?? reason), state: 'killed', ended: at };
}

function told(reason: Reason): { code: string; text: string } {
  return { code: reason.code, text: explain(reason) };
}

function plain({ asked: _, success: __, ...record }: LiveRun): RunRecord {
  return record;
}
