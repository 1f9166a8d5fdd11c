import { setTimeout as pause } from 'node:timers/promises';
import type { ApplyRequest, PlanReport } from '../control/protocol.ts';
import type { Millis, Result } from '../reconciler/types.ts';
import { type Colony, lookAgain } from './colony.ts';
import { requestDown } from './ending.ts';
import type { Failure } from './failure.ts';
import { follow, type Outcome } from './follow.ts';
import { planText } from './render/plan.ts';
import type { Older } from './replacing.ts';
import { answerPaint, canAsk, confirm, print, remark, remarkPaint } from './terminal.ts';

/** How an apply came out; `declined`: the person was asked and said no. */
export type ApplyOutcome = Outcome | { readonly kind: 'declined' };

export type Applied = {
  readonly colony: Colony;
  readonly plan: PlanReport | undefined;
  readonly outcome: ApplyOutcome;
};

/** How long a supervisor that somebody else is starting at this moment may take. */
const OTHER_START_DEADLINE: Millis = 5_000;

/**
 * Have a configuration put in force, by a supervisor that is started if none runs, and tell what happens.
 *
 * A supervisor that was started for this and whose first apply was refused is ended again: nothing is left behind.
 */
export async function requestApply(colony: Colony, request: ApplyRequest): Promise<Result<Applied, Failure>> {
  let plan: PlanReport | undefined;
  const send = (to: Colony, what: ApplyRequest, started: boolean) =>
    follow(to, '/v1/apply', what, {
      plan: (shown) => {
        plan = shown;
        if (started) print(`Started the supervisor of ${to.name}; its log is ${to.log}`);
        print(planText(shown, answerPaint()));
      },
    });

  const reached = await reach(colony, request, send);
  if (!reached.ok) return reached;
  const { colony: asked, started } = reached.value;
  const outcome = await confirmed(reached.value.outcome, () => send(asked, { ...request, confirmed: true }, started));
  if (started && (outcome.kind === 'refused' || outcome.kind === 'declined')) {
    await requestDown(asked, { supervisor_only: true });
  }
  return { ok: true, value: { colony: asked, plan, outcome } };
}

type Send = (to: Colony, what: ApplyRequest, started: boolean) => Promise<Outcome>;
type Reached = {
  readonly colony: Colony;
  /** It was started for this request alone; false also for one that goes on where another one stopped. */
  readonly started: boolean;
  readonly outcome: Outcome;
};

/** Send the request to the supervisor that runs; to one that is started for it; or to one that replaces an older one. */
async function reach(colony: Colony, request: ApplyRequest, send: Send): Promise<Result<Reached, Failure>> {
  const first = await send(colony, request, false);
  const leaving = isCutOff(first);
  const outcome = leaving ? await untilNot(isCutOff, () => send(colony, request, false)) : first;
  const older = olderSupervisor(outcome);
  if (older) return reachReplaced(colony, older, request, send);
  if (!isAbsent(outcome)) return { ok: true, value: { colony, started: false, outcome } };
  const { startSupervisor } = await import('./background.ts');
  const start = await startSupervisor(colony, request.profiles, {
    takeOver: leaving,
    refreshEnv: request.refresh_env,
  });
  const fresh = lookAgain(colony);
  if (start.ok) {
    return { ok: true, value: { colony: fresh, started: !leaving, outcome: await send(fresh, request, true) } };
  }
  if (start.error.code !== 'held_elsewhere') return { ok: false, error: await shown(start.error, colony, request) };
  // Somebody else started one at the same moment: that one will do, as soon as it has said what the colony is called.
  const other = await untilNot(isAway, () => send(lookAgain(colony), request, false));
  return isAbsent(other) ? start : { ok: true, value: { colony: lookAgain(colony), started: false, outcome: other } };
}

/** Mistakes in a file that this program has not read itself are shown as by every other command. */
async function shown(error: Failure, colony: Colony, { profiles }: ApplyRequest): Promise<Failure> {
  if (error.code !== 'invalid_config') return error;
  const { checkFile } = await import('./check-file.ts');
  const checked = checkFile(colony.path, profiles);
  return checked.ok ? error : checked.error;
}

/** The one that took the place goes on with what was in force, so it stays also if this request is refused. */
async function reachReplaced(
  colony: Colony,
  older: Older,
  request: ApplyRequest,
  send: Send,
): Promise<Result<Reached, Failure>> {
  const { replaceSupervisor } = await import('./replacing.ts');
  const replaced = await replaceSupervisor(colony, older, request.profiles);
  if (!replaced.ok) return replaced;
  const outcome = await untilNot(isAway, () => send(colony, request, false));
  return { ok: true, value: { colony, started: false, outcome } };
}

function olderSupervisor(outcome: Outcome): Older | undefined {
  return outcome.kind === 'refused' && outcome.problem.code === 'older_supervisor'
    ? outcome.problem.supervisor
    : undefined;
}

/** Try until the outcome is another one, for a while. */
async function untilNot(is: (outcome: Outcome) => boolean, attempt: () => Promise<Outcome>): Promise<Outcome> {
  const deadline = performance.now() + OTHER_START_DEADLINE;
  let outcome = await attempt();
  while (is(outcome) && performance.now() < deadline) {
    await pause(50);
    outcome = await attempt();
  }
  return outcome;
}

function isAbsent(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.failure.kind === 'absent';
}

/** It met a supervisor that was just leaving. */
function isCutOff(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.failure.kind === 'broken' && outcome.failure.unanswered;
}

function isAway(outcome: Outcome): boolean {
  return isAbsent(outcome) || isCutOff(outcome);
}

/** Ask the person what the supervisor did not want to decide; without a terminal the refusal stands. */
async function confirmed(outcome: Outcome, again: () => Promise<Outcome>): Promise<ApplyOutcome> {
  if (outcome.kind !== 'refused' || outcome.problem.code !== 'unconfirmed' || !canAsk()) return outcome;
  const { plan, text } = outcome.problem;
  if (plan) remark(planText(plan, remarkPaint()));
  return (await confirm(`${text}\nGo on?`)) ? again() : { kind: 'declined' };
}
