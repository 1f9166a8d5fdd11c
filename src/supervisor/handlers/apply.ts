import type { ServerResponse } from 'node:http';
import { matches } from '../../config/glob.ts';
import type { ApplyRequest } from '../../control/protocol.ts';
import { warningsOf } from '../colony.ts';
import { accept, loadFile, reject, reopenTmux, unconfirmed } from '../configuration.ts';
import { saveEnvironment, scrub } from '../environment.ts';
import { type Context, messages, Refused } from './context.ts';
import { follow } from './follow.ts';
import { propose } from './plan.ts';

/** Put the file in force, and follow what comes of it until everything asked for is ready or has failed. */
export async function apply(context: Context, request: ApplyRequest, response: ServerResponse): Promise<void> {
  const { colony, loop } = context;
  const environment = request.refresh_env ? scrub(request.environment) : colony.environment;
  const { desired, loaded, plan } = await proposeOrNote(context, request, environment);
  const question = request.confirmed ? undefined : unconfirmed(desired, colony.observed);
  if (question) throw new Refused({ ...question, plan });
  if (request.refresh_env) {
    colony.environment = environment;
    saveEnvironment(colony.paths.environment, environment, colony.saver);
    reopenTmux(colony);
  }
  accept(colony, desired, loaded);
  const say = messages(response);
  say({ type: 'plan', plan });
  for (const text of warningsOf(colony)) say({ type: 'warning', text });
  const { targets, wait_ms } = request;
  const concerns = (agent: string) => targets.length === 0 || targets.some((target) => matches(target, agent));
  const expected = { changing: plan.rows.length > 0, within: wait_ms, concerns };
  const following = wait_ms > 0 ? follow(context, say, expected, response) : undefined;
  loop.wake();
  await following;
  response.end();
}

/** A mistake in the colony's own file stays visible in status, also after the person who made it has gone. */
async function proposeOrNote(context: Context, request: ApplyRequest, environment: Parameters<typeof propose>[2]) {
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
