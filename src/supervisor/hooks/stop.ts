import { isFailure } from '../../reconciler/ending.ts';
import type { AgentName, Exit, Millis, Reason, RunId, Session } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';
import { type Around, hookOf, hookSpecOf, runHook } from './run.ts';
import { rest } from './start.ts';

/** A life that is to be ended, or has ended, and why. */
export type Ending = Around & { readonly reason: Reason; readonly pid: number | undefined };

/** An end that nobody has seen by then is told without saying how it was. */
const SEEN_WITHIN: Millis = 2_000;

/** What the hooks of a stop know of the session that is stopped. */
export function endingOf({ agent, generation, run, main }: Session, reason: Reason): Ending {
  return { agent, generation, run, reason, pid: main.state === 'alive' ? main.pid : undefined };
}

/**
 * Ask the hook that comes before a stop; returns whether the program is to be stopped.
 *
 * It is not asked by somebody in a hurry, and cut short by one who comes later. A program that has failed is not
 * protected by its own hook.
 */
export async function maybeStop(colony: Colony, ending: Ending, cutShort: AbortSignal): Promise<boolean> {
  const spec = hookSpecOf(colony, ending.agent);
  if (!spec || !hookOf(spec, 'pre_stop') || cutShort.aborted) return true;
  const veto = !isFailure(ending.reason);
  const variables = variablesOf(ending);
  const came = await runHook(colony, spec, 'pre_stop', ending, { veto, variables, signal: cutShort });
  if (came === 'failed' && veto) await rest(cutShort);
  // Ended early without anybody being in a hurry: the supervisor itself leaves, and its successor asks again.
  return cutShort.aborted || came === 'well' || (came === 'failed' && !veto);
}

/** Whether somebody has to run after an end of this agent. */
export function hasPostStop(colony: Colony, agent: AgentName): boolean {
  return hookOf(hookSpecOf(colony, agent), 'post_stop') !== undefined;
}

/** Run the hook that comes after the end of a program, however it was. */
export async function afterStop(colony: Colony, ending: Ending, exit: Exit | undefined): Promise<void> {
  const spec = hookSpecOf(colony, ending.agent);
  if (!spec) return;
  const { code, signal } = exit ?? {};
  const variables = {
    ...variablesOf(ending),
    ...(code === undefined ? {} : { COLONY_EXIT_CODE: String(code) }),
    ...(signal === undefined ? {} : { COLONY_EXIT_SIGNAL: String(signal) }),
  };
  await runHook(colony, spec, 'post_stop', ending, { variables });
}

/** How a run that was ended from here has ended, as soon as a pass has seen it; undefined: none has. */
export function exitSeen({ journal }: Colony, agent: AgentName, run: RunId | undefined): Promise<Exit | undefined> {
  const last = journal.ledger.agents.get(agent)?.lastExit;
  if (last?.run === run) return Promise.resolve(last);
  return new Promise((resolve) => {
    const finish = (exit: Exit | undefined) => {
      clearTimeout(timer);
      unlisten();
      resolve(exit);
    };
    const timer = setTimeout(() => finish(undefined), SEEN_WITHIN);
    const unlisten = journal.listen((entry) => {
      if (entry.type === 'exited' && entry.agent === agent && entry.run === run) finish(entry.exit);
    });
  });
}

function variablesOf({ reason, pid }: Ending) {
  return { COLONY_REASON: reason.code, ...(pid === undefined ? {} : { COLONY_PID: String(pid) }) };
}
