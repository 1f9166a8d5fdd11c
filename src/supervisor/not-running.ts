import { explain } from '../reconciler/explain.ts';
import { remedyOf } from '../reconciler/remedy.ts';
import type { AgentName } from '../reconciler/types.ts';
import { viewOf } from '../reconciler/view.ts';
import { type Colony, inputOf } from './colony.ts';

export type NotRunning = {
  /** Its phase and the reason for it, as `held: …`. */
  readonly why: string;
  /** What would start it; a sentence without a full stop. */
  readonly remedy: string;
};

/** Why the program of this agent does not run; undefined: it is about to be started, or the file does not have it. */
export function whyNotRunning(colony: Colony, agent: AgentName): NotRunning | undefined {
  const view = colony.desired && viewOf(inputOf(colony, colony.desired)).find((each) => each.agent === agent);
  if (!view || view.phase === 'starting') return undefined;
  const { phase, reason } = view;
  return { why: reason ? `${phase}: ${explain(reason)}` : phase, remedy: remedyOf(view) };
}
