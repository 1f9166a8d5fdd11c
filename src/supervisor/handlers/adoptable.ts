import { environmentText, RUN_VARIABLE, runIn } from '../../processes/environ.ts';
import { readProcess } from '../../processes/table.ts';
import { isBelow } from '../../processes/tree.ts';
import { type Surveyed, survey } from '../../tmux/survey.ts';
import type { TmuxPlace } from '../../tmux/types.ts';
import type { Colony } from '../colony.ts';
import { serverEnvironment } from '../environment.ts';
import { failureText } from '../observe.ts';
import { refused } from './take-in.ts';

/** How long the user's own tmux server may take to say what runs there. */
const PATIENCE = 5_000;

/** All sessions of a tmux server; throws Refused if it does not say. */
export async function look(colony: Colony, place: TmuxPlace): Promise<readonly Surveyed[]> {
  const environment = serverEnvironment(colony.environment);
  const seen = await survey(place, { binary: 'tmux', environment, timeout: PATIENCE });
  if (!seen.ok) throw refused(failureText(seen.error), 'tmux_unavailable');
  return seen.value;
}

/** Why a session cannot be made an agent of this colony; undefined: it can. */
export function whyUnfit(colony: Colony, found: Surveyed): string | undefined {
  const { colony: owner, agent, anchor, dead, pid, name: session } = found;
  if (anchor) return `"${session}" is a session that a colony has made for itself`;
  if (owner === colony.name) return `"${session}" is the agent "${agent}" of this colony already`;
  if (owner !== '') return `"${session}" is the agent "${agent}" of the colony "${owner}"`;
  if (dead || !readProcess(pid)) return `nothing runs in "${session}" any more: its program has ended`;
  if (isBelow({ ppid: process.pid }, pid)) return `the supervisor itself runs in "${session}": a stop would end it`;
  const run = runIn(environmentText(pid));
  if (run === undefined) return undefined;
  const text = `"${session}" was begun by an agent (its ${RUN_VARIABLE} is ${run}), and ends when that one is stopped`;
  return `${text}; it cannot be an agent of its own`;
}
