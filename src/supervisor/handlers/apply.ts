import type { ServerResponse } from 'node:http';
import { matches } from '../../config/glob.ts';
import { type ApplyRequest, EXIT, type PlanReport, type Problem } from '../../control/protocol.ts';
import type { Desired, Entry } from '../../reconciler/types.ts';
import { type Colony, warningsOf } from '../colony.ts';
import { loadFile, unconfirmed } from '../configuration.ts';
import { type Environment, saveEnvironment, scrub } from '../environment.ts';
import { accept, reject, reopenTmux } from '../in-force.ts';
import { type Context, messages, Refused } from './context.ts';
import { eventMessage, follow } from './follow.ts';
import { adoptAll, type Namesakes, namesakesOf, runAlready } from './namesakes.ts';
import { propose } from './plan.ts';

/** Put the file in force, and follow what comes of it until everything asked for is ready or has failed. */
export async function apply(context: Context, request: ApplyRequest, response: ServerResponse): Promise<void> {
  const { colony } = context;
  const environment = request.refresh_env ? scrub(request.environment) : colony.environment;
  const first = await proposeOrNote(context, request, environment);
  const namesakes = await namesakesOf(colony, request, first.plan);
  const question = request.confirmed ? undefined : questionOf(colony, request, first.desired, namesakes);
  if (question) throw new Refused({ ...question, plan: first.plan });
  const { entries, release } = await adoptAll(colony, first.desired, request.adopt ? namesakes : new Map());
  let plan = first.plan;
  try {
    const proposal = entries.length > 0 ? await propose(colony, request, environment) : first;
    plan = proposal.plan;
    if (request.refresh_env) refresh(colony, environment);
    accept(colony, proposal.desired, proposal.loaded);
  } finally {
    release();
  }
  await tell(context, request, response, { adopted: entries, plan });
}

function refresh(colony: Colony, environment: Environment): void {
  colony.environment = environment;
  saveEnvironment(colony.paths.environment, environment, colony.saver);
  reopenTmux(colony);
}

/** What nobody but a person may decide; undefined: nothing. */
function questionOf(
  colony: Colony,
  { adopt }: ApplyRequest,
  desired: Desired,
  namesakes: Namesakes,
): Problem | undefined {
  const texts = [unconfirmed(desired, colony.observed)?.text, adopt ? undefined : runAlready(namesakes)];
  const text = texts.filter((each) => each !== undefined).join('\n');
  return text === '' ? undefined : { code: 'unconfirmed', exit: EXIT.failed, text };
}

type Done = { readonly adopted: readonly Entry[]; readonly plan: PlanReport };

/** Answer with what was done and what is to be, and follow as long as was asked for. */
async function tell(
  context: Context,
  { targets, wait_ms }: ApplyRequest,
  response: ServerResponse,
  { adopted, plan }: Done,
): Promise<void> {
  const { colony, loop } = context;
  const say = messages(response);
  for (const entry of adopted) say(eventMessage(colony, entry));
  say({ type: 'plan', plan });
  for (const text of warningsOf(colony)) say({ type: 'warning', text });
  const concerns = (agent: string) => targets.length === 0 || targets.some((target) => matches(target, agent));
  const expected = { changing: plan.rows.length > 0, within: wait_ms, concerns };
  const following = wait_ms > 0 ? follow(context, say, expected, response) : undefined;
  loop.wake();
  await following;
  response.end();
}

/** A mistake in the colony's own file stays visible in status, also after the person who made it has gone. */
async function proposeOrNote(context: Context, request: ApplyRequest, environment: Environment) {
  try {
    return await propose(context.colony, request, environment);
  } catch (error) {
    if (error instanceof Refused && error.problem.code === 'invalid_config' && context.colony.desired) {
      // In the colours of the terminal it was asked from it would be kept for everybody.
      const { path, profiles } = request;
      const plain = loadFile(path, profiles, environment, false);
      reject(context.colony, plain.ok ? error.problem : plain.error);
    }
    throw error;
  }
}
