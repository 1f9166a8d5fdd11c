import type { Observed } from '../../reconciler/types.ts';
import type { News } from '../../tmux/types.ts';
import { announce, type Colony } from '../colony.ts';
import { helpersKilled, killedForMemory, recent, suspectsIn, withCause } from './deaths.ts';
import { runningIn } from './running.ts';

type Known = Extract<Observed, { known: true }>;

/**
 * What was observed, and which programs the kernel has killed for want of memory. `before`: what was observed then.
 *
 * The kernel's count is read with every thorough look, so that what has come to it by the next death is new. That it has
 * killed something below a program that runs on is announced.
 */
export function withCauses(
  colony: Colony,
  before: Observed,
  observed: Known,
  news: News,
  operations: Colony['operations'] = colony.operations,
): Known {
  const { oom, gauge, journal } = colony;
  // What is being started writes its own story; its end is noticed afterwards.
  const suspects = suspectsIn(observed, before, journal.ledger).filter(
    ({ agent }) => operations.get(agent)?.kind !== 'starting',
  );
  if (suspects.length === 0 && news === 'ended') return observed;
  const kills = oom.news();
  if (suspects.length === 0 && kills.count === 0) return observed;
  const ownerOf = (pid: number) => gauge.ownerOf(pid);
  const mains = new Map(runningIn(observed).map(({ run, agent, pid }) => [run, { agent, pid }]));
  for (const event of helpersKilled(kills, mains, ownerOf)) announce(colony, event);
  const possible = recent([...oom.unexplained, { ...kills, at: observed.at }], observed.at);
  const killed = killedForMemory(suspects, possible, ownerOf);
  // A kill that is only counted explains an end once.
  oom.unexplained = killed.length > 0 ? possible.filter(({ victims }) => victims) : possible;
  return withCause(observed, killed);
}
