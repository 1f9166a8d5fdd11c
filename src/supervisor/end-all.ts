import { announce } from './colony.ts';
import type { Context } from './handlers/context.ts';
import { nothingDesired } from './handlers/status.ts';

/**
 * Stop every agent as the file says; resolves when no session is left and nothing is under way.
 *
 * `now`: kill what has to end, also where it is being asked to end already. Once said, it is not taken back by a later
 * call that has more time. While tmux does not answer nothing is known to have ended, and this goes on waiting.
 */
export function endAll({ colony, loop, onRest }: Omit<Context, 'quit'>, now: boolean): Promise<void> {
  if (colony.goal !== 'down') announce(colony, { type: 'down' });
  colony.goal = 'down';
  colony.hurry ||= now;
  colony.armed = true;
  colony.desired ??= nothingDesired(colony);
  return new Promise((resolve) => {
    const offRest = onRest(() => {
      if (!colony.observed.known || colony.operations.size > 0 || colony.observed.sessions.size > 0) return;
      offRest();
      resolve();
    });
    loop.wake();
  });
}
