import { marked, saidBy, typingEvents } from '../reconciler/said.ts';
import type { Action, Event, Result, Session } from '../reconciler/types.ts';
import type { Launched, News, Tmux, TmuxFailure } from '../tmux/types.ts';
import { announce, type Colony, type UnderWay } from './colony.ts';
import { type EndOptions, endRun } from './end-run.ts';
import { appliedOf, launchOf, newRunId } from './launch.ts';
import { failureText, shownBy, takeOver } from './observe.ts';
import { occupy } from './occupy.ts';
import { offerToTheKernel } from './vitals/protect.ts';

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
  const release = occupy(
    colony,
    action.agent,
    operationOf(action, colony, () => waiting.abort()),
  );
  perform(action, colony, tmux, waiting.signal)
    .then((failure) => (failure === undefined ? undefined : fail(action, failure, colony)))
    .catch((bug: unknown) => fail(action, bug instanceof Error ? (bug.stack ?? bug.message) : String(bug), colony))
    .finally(() => {
      release();
      done(action.do === 'respawn' || action.do === 'spawn' ? 'ended' : 'anything');
    });
}

function operationOf(action: Action, colony: Colony, cutShort: () => void): UnderWay {
  const ends = action.do === 'end' || action.do === 'remove';
  const operation = { since: colony.clock(), reason: action.reason };
  return ends ? { kind: 'stopping', ...operation, cutShort } : { kind: 'starting', ...operation };
}

/** A person who does not want to wait may say so while an agent is being asked to end. */
export function cutShort(colony: Colony): void {
  for (const [agent, operation] of colony.operations) {
    if (colony.journal.ledger.agents.get(agent)?.hurry) operation.cutShort?.();
  }
}

async function fail(action: Action, why: string, colony: Colony): Promise<void> {
  announce(colony, { type: 'failed', agent: action.agent, action: action.do, why });
  await new Promise((resolve) => setTimeout(resolve, REST_AFTER_FAILURE));
}

/** Do one action; the answer is why it failed, or undefined. */
async function perform(action: Action, colony: Colony, tmux: Tmux, cutShort: AbortSignal): Promise<string | undefined> {
  switch (action.do) {
    case 'spawn':
      return start(action, colony, (launch) => tmux.spawn(launch));
    case 'respawn':
      return start(action, colony, (launch) => tmux.respawn(action.session, launch));
    case 'end':
      return end(action, colony, tmux, cutShort);
    case 'remove':
      return remove(action, colony, tmux, cutShort);
    case 'update':
      return update(action, colony, tmux);
    case 'nudge':
    case 'send':
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
  launchIn: (launch: ReturnType<typeof launchOf>) => Promise<Result<Launched, TmuxFailure>>,
): Promise<string | undefined> {
  const { desired } = colony;
  if (!desired) return undefined;
  const { agent, generation, reason, spec } = action;
  const run = newRunId(agent);
  const now = colony.clock();
  const launched = await launchIn(
    launchOf(spec, generation, run, { desired, base: colony.environment, home: colony.home, now }),
  );
  if (!launched.ok) return failureText(launched.error);
  const { pid, seen } = launched.value;
  announce(colony, { type: 'started', agent, reason, generation, run, started: now, pid, applied: appliedOf(spec) });
  offerToTheKernel(pid);
  takeOver(colony, undefined, shownBy(colony, seen));
  return undefined;
}

async function end(action: Of<'end'>, colony: Colony, tmux: Tmux, cutShort: AbortSignal): Promise<string | undefined> {
  const { agent, reason, session, stop, mark } = action;
  announce(colony, { type: 'stopping', agent, run: session.run, reason });
  for (const event of marked(agent, mark)) announce(colony, event);
  return endProcesses(session, { stop, cutShort }, colony, tmux);
}

async function remove(
  action: Of<'remove'>,
  colony: Colony,
  tmux: Tmux,
  cutShort: AbortSignal,
): Promise<string | undefined> {
  const { agent, reason, session, stop } = action;
  announce(colony, { type: 'stopping', agent, run: session.run, reason });
  // Labels copied by a person name the run of the real session, which must not be swept with the copy.
  const copied = reason.code === 'duplicate' && session.run === colony.journal.ledger.agents.get(agent)?.run;
  const failure = copied ? undefined : await endProcesses(session, { stop, cutShort }, colony, tmux);
  if (failure !== undefined) return failure;
  const removed = await tmux.remove(session.id);
  if (!removed.ok) return failureText(removed.error);
  announce(colony, { type: 'removed', agent, run: session.run, reason });
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

/** Press keys, or type a text and then Enter by itself: a program must be able to tell it from a pasted line break. */
async function type(action: Of<'nudge'> | Of<'send'>, colony: Colony, tmux: Tmux): Promise<string | undefined> {
  const { main } = action.session;
  if (main.state !== 'alive') return undefined;
  const keys = action.do === 'send' ? [[action.text], ['Enter']] : [action.keys];
  for (const some of keys) {
    const pressed = await tmux.keys(main.pane, some);
    if (!pressed.ok) return failureText(pressed.error);
  }
  for (const event of typingEvents(action)) announce(colony, event);
  return undefined;
}

async function update(action: Of<'update'>, colony: Colony, tmux: Tmux): Promise<string | undefined> {
  const { agent, reason, session, spec } = action;
  const labelled = await tmux.label(session.id, { fingerprint: spec.fingerprint });
  if (!labelled.ok) return failureText(labelled.error);
  const fields = reason.code === 'config_changed' ? reason.fields : [];
  announce(colony, { type: 'updated', agent, fields, applied: appliedOf(spec) });
  return undefined;
}
