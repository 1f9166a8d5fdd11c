import type { Problem } from '../control/protocol.ts';
import type { Desired, Reason } from '../reconciler/types.ts';
import { announce, type Colony, type Sources } from './colony.ts';
import { serialise } from './last-good.ts';

/** Put a configuration in force. The same one again changes nothing, not even its generation. */
export function accept(colony: Colony, next: Desired, { files, patterns, stamps }: Sources): void {
  colony.sources = { files, patterns, stamps };
  const generation = colony.desired?.generation ?? 0;
  const same = colony.desired !== undefined && serialise({ ...next, generation }) === serialise(colony.desired);
  colony.config = { error: undefined };
  colony.goal = 'run';
  colony.hurry = false;
  if (!same) putInForce(colony, { ...next, generation: generation + 1 });
  arm(colony);
}

function putInForce(colony: Colony, desired: Desired): void {
  if (colony.desired && JSON.stringify(colony.desired.tmux) !== JSON.stringify(desired.tmux)) reopenTmux(colony);
  colony.departed.replace(colony.desired?.agents.values() ?? [], desired.agents);
  colony.desired = desired;
  colony.saver.save(colony.paths.desired, serialise(desired));
  const { generation, path, agents } = desired;
  announce(colony, { type: 'config_loaded', generation, path, agents: agents.size });
}

/** A server is set up when it is joined: leaving it and joining anew brings it the new settings. */
export function reopenTmux(colony: Colony): void {
  void colony.tmux?.close();
  colony.tmux = undefined;
  colony.tmuxDown = undefined;
}

/**
 * Let the supervisor act from now on.
 *
 * The policy `always` means that a new supervisor also starts what a person had stopped; all others leave it alone.
 */
export function arm(colony: Colony): void {
  if (colony.armed) return;
  colony.armed = true;
  for (const { name, restart } of colony.desired?.agents.values() ?? []) {
    const stopped = colony.journal.ledger.agents.get(name)?.hold?.reason.code === 'user_requested';
    if (restart.policy === 'always' && stopped) announce(colony, { type: 'released', agent: name, reason: ALWAYS });
  }
}

const ALWAYS: Reason = { code: 'not_running' };

/** The file is wrong: what was in force stays so, and status tells of the mistake. */
export function reject(colony: Colony, problem: Problem): void {
  const known = colony.config.error;
  colony.config = { error: problem.text };
  if (known !== undefined && essence(known) === essence(problem.text)) return;
  const [first = ''] = problem.text.split('\n');
  announce(colony, { type: 'config_rejected', path: colony.path, problems: 1, first });
}

/** The same mistake may have moved to another line; where it stands is for status, and not worth another entry. */
function essence(text: string): string {
  const mistakes = [...text.matchAll(/^\S.*?: (error\[.*)$/gm)].map(([, mistake]) => mistake);
  return mistakes.length > 0 ? mistakes.join('\n') : text;
}
