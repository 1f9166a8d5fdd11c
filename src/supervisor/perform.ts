import { readProcess } from '../processes/table.ts';
import { marked, saidBy } from '../reconciler/said.ts';
import type { Action, AgentName, Event, Reason, Result, Session } from '../reconciler/types.ts';
import type { Launched, News, Tmux, TmuxFailure } from '../tmux/types.ts';
import { announce, type Colony, type UnderWay } from './colony.ts';
import { type EndOptions, endRun } from './end-run.ts';
import { afterStart, isStillWanted, maybeStart } from './hooks/start.ts';
import { afterStop, endingOf, exitSeen, hasPostStop, maybeStop } from './hooks/stop.ts';
import { appliedOf, launchOf, newRunId } from './launch.ts';
import { failureText, shownBy, takeOver } from './observe.ts';
import { occupy } from './occupy.ts';
import { forgetInjected } from './starting/inject.ts';
import { prepare } from './starting/prepare.ts';
import { promptLater } from './typing/prompt.ts';
import { type } from './typing/type.ts';
import { offerToTheKernel } from './vitals/protect.ts';

type Stop = Of<'end'> | Of<'remove'>;
type Of<K extends Action['do']> = Extract<Action, { do: K }>;

/** How long an agent rests after tmux refused to start or change it, so that a refusal is not repeated hotly. */
const REST_AFTER_FAILURE = 1_000;

/**
 * Begin one action. The agent rests until it is through, and `done` is called then with how much has to be read again:
 * what a start has changed, tmux has shown with its answer.
 *
 * Each step is written down before or right after it takes effect, in such an order that a supervisor killed between
 * any two leaves a world in which the next pass does the right thing.
 */
export function begin(action: Action, colony: Colony, done: (news: News) => void): void {
  const said = saidBy(action);
  if (said) {
    for (const event of said) announce(colony, event);
    done('ended');
    return;
  }
  const { tmux } = colony;
  if (!tmux) return;
  const waiting = new AbortController();
  const operation = operationOf(action, colony, () => waiting.abort());
  if (operation.pointless?.()) waiting.abort();
  const release = occupy(colony, action.agent, operation);
  perform(action, colony, tmux, waiting.signal)
    .then((failure) => (failure === undefined ? undefined : fail(action, failure, colony)))
    .catch((bug: unknown) => fail(action, bug instanceof Error ? (bug.stack ?? bug.message) : String(bug), colony))
    .finally(() => {
      release();
      done(action.do === 'respawn' || action.do === 'spawn' ? 'ended' : 'anything');
    });
}

function operationOf(action: Action, colony: Colony, cutShort: () => void): UnderWay {
  const operation = { since: colony.clock(), reason: action.reason };
  switch (action.do) {
    case 'end':
    case 'remove':
      return {
        kind: 'stopping',
        ...operation,
        ends: action.session.run,
        pointless: () => isHurried(colony, action.agent),
        cutShort,
      };
    case 'spawn':
    case 'respawn':
      return { kind: 'starting', ...operation, pointless: () => !isStillWanted(colony, action), cutShort };
    default:
      return { kind: 'changing', ...operation };
  }
}

/** A person who does not want to wait may say so while an agent is being asked to end, or a start is being prepared. */
export function cutShort(colony: Colony): void {
  for (const operation of colony.operations.values()) if (operation.pointless?.()) operation.cutShort?.();
}

function isHurried(colony: Colony, agent: AgentName): boolean {
  return colony.hurry || (colony.journal.ledger.agents.get(agent)?.hurry ?? false);
}

async function fail(action: Action, why: string, colony: Colony): Promise<void> {
  announce(colony, { type: 'failed', agent: action.agent, action: action.do, why });
  await new Promise((resolve) => setTimeout(resolve, REST_AFTER_FAILURE));
}

/** Do one action; the answer is why it failed, or undefined. */
async function perform(action: Action, colony: Colony, tmux: Tmux, cutShort: AbortSignal): Promise<string | undefined> {
  switch (action.do) {
    case 'spawn':
      return start(action, colony, cutShort, (launch) => tmux.spawn(launch));
    case 'respawn':
      return start(action, colony, cutShort, (launch) => tmux.respawn(action.session, launch));
    case 'end':
      return end(action, colony, tmux, cutShort);
    case 'remove':
      return remove(action, colony, tmux, cutShort);
    case 'update':
      return update(action, colony, tmux);
    case 'nudge':
    case 'send':
    case 'type':
      return type(action, colony, tmux);
    case 'hold':
    case 'release':
    case 'defer':
      return undefined;
  }
}

async function start(
  action: Of<'spawn'> | Of<'respawn'>,
  colony: Colony,
  cutShort: AbortSignal,
  launchIn: (launch: ReturnType<typeof launchOf>) => Promise<Result<Launched, TmuxFailure>>,
): Promise<string | undefined> {
  if (!(await maybeStart(colony, action, cutShort))) return undefined;
  const { desired } = colony;
  if (!desired) return undefined;
  const { agent, generation, reason, spec } = action;
  const prepared = await prepare(colony, action);
  const run = newRunId(agent);
  const now = colony.clock();
  const launched = await launchIn(
    launchOf(spec, generation, run, {
      desired,
      base: colony.environment,
      home: colony.home,
      spool: colony.paths.spool,
      now,
      prepared,
    }),
  );
  if (!launched.ok) return failureText(launched.error);
  const { pid, seen } = launched.value;
  announce(colony, { type: 'started', agent, reason, generation, run, started: now, pid, applied: appliedOf(spec) });
  offerToTheKernel(pid);
  takeOver(colony, undefined, shownBy(colony, seen));
  if (prepared.type !== undefined) promptLater(colony, agent, prepared.type);
  afterStart(colony, action, run, pid);
  return undefined;
}

async function end(action: Of<'end'>, colony: Colony, tmux: Tmux, cutShort: AbortSignal): Promise<string | undefined> {
  const { agent, reason, session, mark } = action;
  if (hasEnded(session)) {
    tmux.poke();
    return undefined;
  }
  if (!(await mayStop(action, colony, cutShort))) return undefined;
  // It may have ended by itself while its hook was asked.
  if (lives(session, colony)) announce(colony, { type: 'stopping', agent, run: session.run, reason });
  for (const event of marked(agent, mark)) announce(colony, event);
  return stopProgram(action, colony, tmux, cutShort);
}

/** tmux takes a moment to notice that a program has ended, and until then it looks as if it had to be ended once more. */
function hasEnded({ main }: Session): boolean {
  if (main.state !== 'alive') return false;
  const proc = readProcess(main.pid);
  return proc === undefined || proc.zombie;
}

/** A program that is not there any more, or only a copy of another one's labels, has no say. */
async function mayStop({ reason, session }: Stop, colony: Colony, cutShort: AbortSignal): Promise<boolean> {
  if (session.main.state !== 'alive' || isCopy(session, reason, colony)) return true;
  return maybeStop(colony, endingOf(session, reason), cutShort);
}

function lives({ agent, run }: Session, { journal }: Colony): boolean {
  return run === undefined || journal.ledger.agents.get(agent)?.lastExit?.run !== run;
}

/** Labels copied by a person name the run of the real session. */
function isCopy({ agent, run }: Session, reason: Reason, { journal }: Colony): boolean {
  return reason.code === 'duplicate' && run === journal.ledger.agents.get(agent)?.run;
}

/** End the processes of a session and do what belongs to their end. */
async function stopProgram(action: Stop, colony: Colony, tmux: Tmux, cutShort: AbortSignal) {
  const { agent, reason, session, stop } = action;
  const failure = await endProcesses(session, { stop, cutShort }, colony, tmux);
  // Of one that had ended before, whoever saw it did the same.
  if (failure !== undefined || session.main.state !== 'alive' || !hasPostStop(colony, agent)) return failure;
  await afterStop(colony, endingOf(session, reason), await exitSeen(colony, agent, session.run));
  return undefined;
}

async function remove(
  action: Of<'remove'>,
  colony: Colony,
  tmux: Tmux,
  cutShort: AbortSignal,
): Promise<string | undefined> {
  const { agent, reason, session } = action;
  if (!(await mayStop(action, colony, cutShort))) return undefined;
  announce(colony, { type: 'stopping', agent, run: session.run, reason });
  // The real session must not be swept with its copy.
  const copied = isCopy(session, reason, colony);
  const failure = copied ? undefined : await stopProgram(action, colony, tmux, cutShort);
  if (failure !== undefined) return failure;
  const removed = await tmux.remove(session.id);
  if (!removed.ok) return failureText(removed.error);
  announce(colony, { type: 'removed', agent, run: session.run, reason });
  colony.departed.forget(agent);
  await forgetInjected(colony, agent);
  return undefined;
}

async function endProcesses(
  session: Session,
  how: Pick<EndOptions, 'stop' | 'cutShort'>,
  colony: Colony,
  tmux: Tmux,
): Promise<string | undefined> {
  const { main, run } = session;
  if (main.state !== 'alive') {
    if (run !== undefined) await colony.reaper.sweep(run, colony.gauge.remembered(run), true);
    return undefined;
  }
  const { survivors, killed } = await endRun({
    tmux,
    reaper: colony.reaper,
    pane: main.pane,
    pid: main.pid,
    run,
    extended: () => (run === undefined ? 0 : (colony.reports.of(run)?.extendedUntil ?? 0) - colony.clock()),
    remembered: run === undefined ? [] : colony.gauge.remembered(run),
    ...how,
  });
  const leftovers: Event = {
    type: 'killed_leftovers',
    agent: session.agent,
    pids: killed.filter((pid) => pid !== main.pid),
  };
  if (leftovers.pids.length > 0) announce(colony, leftovers);
  return survivors.length > 0 ? `the kernel does not let go of pid ${survivors.join(', ')}` : undefined;
}

async function update(action: Of<'update'>, colony: Colony, tmux: Tmux): Promise<string | undefined> {
  const { agent, reason, session, spec } = action;
  const labelled = await tmux.label(session.id, { fingerprint: spec.fingerprint });
  if (!labelled.ok) return failureText(labelled.error);
  const fields = reason.code === 'config_changed' ? reason.fields : [];
  announce(colony, { type: 'updated', agent, fields, applied: appliedOf(spec) });
  return undefined;
}
