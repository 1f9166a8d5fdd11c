import type { PlanReport, PlanRequest } from '../../control/protocol.ts';
import { EXIT } from '../../control/protocol.ts';
import type { Desired } from '../../reconciler/types.ts';
import { type Colony, inputOf } from '../colony.ts';
import { candidateDesired, loadFile, movedAway } from '../configuration.ts';
import { type Environment, scrub } from '../environment.ts';
import { observe } from '../observe.ts';
import { otherFolder } from '../owner.ts';
import { planReport } from '../plan-report.ts';
import { Remembered } from '../remembered.ts';
import type { Read } from '../stamps.ts';
import { Refused } from './context.ts';

/** What a request would put in force, and what that would change. */
export type Proposal = { readonly desired: Desired; readonly loaded: Read; readonly plan: PlanReport };

/** Say what applying the file would do; nothing is changed by it. */
export async function plan(colony: Colony, request: PlanRequest): Promise<PlanReport> {
  return (await propose(colony, request, colony.environment)).plan;
}

/**
 * Load the file of a request, look at the world, and compare.
 *
 * Throws Refused if the file is wrong, is another folder's, or cannot be taken over by a running colony, or if tmux
 * does not answer: not knowing what runs, one cannot say what would change.
 */
export async function propose(colony: Colony, request: PlanRequest, environment: Environment): Promise<Proposal> {
  if (request.path !== colony.path) throw new Refused(otherFolder(colony.name, colony.path));
  const loaded = read(colony, request, environment);
  const candidate = candidateDesired({ loaded, targets: request.targets }, colony.desired);
  if (!candidate.ok) throw new Refused(candidate.error);
  const moved = movedAway(colony.desired, candidate.value);
  if (moved) throw new Refused(moved);
  await lookWith(colony, candidate.value);
  const drifted = driftedVariables(loaded, environment, scrub(request.environment));
  return {
    desired: candidate.value,
    loaded,
    plan: planReport(inputOf(colony, candidate.value), drifted),
  };
}

function read(colony: Colony, request: PlanRequest, environment: Environment): Read {
  const asked = { profiles: request.profiles, environment };
  const known = colony.remembered?.again(asked);
  if (known) return known;
  const loaded = loadFile(request.path, request.profiles, environment, request.colour);
  colony.remembered = loaded.ok ? new Remembered(loaded.value, asked) : undefined;
  if (!loaded.ok) throw new Refused(loaded.error);
  return loaded.value;
}

async function lookWith(colony: Colony, desired: Desired): Promise<void> {
  const { observed } = await observe(colony, desired);
  colony.observed = observed;
  if (observed.known) return;
  const text = `tmux cannot be asked, so nothing is done: ${observed.why}`;
  throw new Refused({ code: 'tmux_unavailable', exit: EXIT.unavailable, text });
}

/** Variables the file takes from the environment, and whose value differs between the captured one and the asking shell's. */
function driftedVariables(loaded: Read, captured: Environment, shell: Environment): readonly string[] {
  const names = new Set(loaded.ambient.map(({ name }) => name));
  return [...names].filter((name) => captured[name] !== shell[name]).sort();
}
