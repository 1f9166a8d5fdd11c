import { saidBy } from '../../reconciler/said.ts';
import type { Action, Millis } from '../../reconciler/types.ts';
import type { News } from '../../tmux/types.ts';
import { announce, type Colony } from '../colony.ts';
import { occupy } from '../occupy.ts';
import { perform } from './perform.ts';
import { operationOf } from './under-way.ts';

/** How long an agent rests after tmux refused to start or change it, so that a refusal is not repeated hotly. */
const REST_AFTER_FAILURE: Millis = 1_000;

/**
 * Begin one action. The agent rests until it is through, and `done` is called then with how much has to be read again:
 * what a start has changed, tmux has shown with its answer.
 *
 * Each step is written down before or right after it takes effect, in such an order that a supervisor killed between
 * any two leaves a world in which the next pass does the right thing.
 */
export function begin(action: Action, colony: Colony, done: (news: News) => void): void {
  const said = saidBy(action);
  if (said) {
    for (const event of said) announce(colony, event);
    done('ended');
    return;
  }
  const { tmux } = colony;
  if (!tmux) return;
  const waiting = new AbortController();
  const operation = operationOf(action, colony, () => waiting.abort());
  if (operation.pointless?.()) waiting.abort();
  const release = occupy(colony, action.agent, operation);
  perform(action, colony, tmux, waiting.signal)
    .then((failure) => (failure === undefined ? undefined : fail(action, failure, colony)))
    .catch((bug: unknown) => fail(action, bug instanceof Error ? (bug.stack ?? bug.message) : String(bug), colony))
    .finally(() => {
      release();
      done(action.do === 'respawn' || action.do === 'spawn' ? 'ended' : 'anything');
    });
}

async function fail(action: Action, why: string, colony: Colony): Promise<void> {
  announce(colony, { type: 'failed', agent: action.agent, action: action.do, why });
  await new Promise((resolve) => setTimeout(resolve, REST_AFTER_FAILURE));
}
