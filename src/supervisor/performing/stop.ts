import type { Action, Event, Reason, Session } from '../../reconciler/types.ts';
import type { Tmux } from '../../tmux/types.ts';
import { announce, type Colony } from '../colony.ts';
import { afterStop, endingOf, exitSeen, hasPostStop, maybeStop } from '../hooks/stop.ts';
import { type EndOptions, endRun } from './end-run.ts';

type Stop = Extract<Action, { do: 'end' | 'remove' }>;

/**
 * Whether the program may be ended now; its hook is asked.
 *
 * A program that is not there any more, or only a copy of another one's labels, has no say.
 */
export async function mayStop({ reason, session }: Stop, colony: Colony, cutShort: AbortSignal): Promise<boolean> {
  if (session.main.state !== 'alive' || isCopy(session, reason, colony)) return true;
  return maybeStop(colony, endingOf(session, reason), cutShort);
}

/** Whether the labels were copied by a person: then they name the run of the real session. */
export function isCopy({ agent, run }: Session, reason: Reason, { journal }: Colony): boolean {
  return reason.code === 'duplicate' && run === journal.ledger.agents.get(agent)?.run;
}

/** End the processes of a session and do what belongs to their end; the answer is why it failed, or undefined. */
export async function stopProgram(
  action: Stop,
  colony: Colony,
  tmux: Tmux,
  cutShort: AbortSignal,
): Promise<string | undefined> {
  const { agent, reason, session, stop } = action;
  const failure = await endProcesses(session, { stop, cutShort }, colony, tmux);
  // Of one that had ended before, whoever saw it did the same.
  if (failure !== undefined || session.main.state !== 'alive' || !hasPostStop(colony, agent)) return failure;
  await afterStop(colony, endingOf(session, reason), await exitSeen(colony, agent, session.run));
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
