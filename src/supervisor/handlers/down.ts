import { rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { DownRequest } from '../../control/protocol.ts';
import { announce } from '../colony.ts';
import { type Context, messages } from './context.ts';
import { eventMessage } from './follow.ts';
import { nothingDesired, status } from './status.ts';

/** End every agent and then the supervisor; or the supervisor alone. */
export async function down(context: Context, request: DownRequest, response: ServerResponse): Promise<void> {
  const { colony, loop, onRest, quit } = context;
  const say = messages(response);
  if (request.supervisor_only) {
    say({ type: 'settled', outcome: 'done', status: status(colony) });
    response.end(() => quit('asked for; the agents run on'));
    return;
  }
  announce(colony, { type: 'down' });
  colony.goal = 'down';
  colony.armed = true;
  colony.desired ??= nothingDesired(colony);
  const unlisten = colony.journal.listen((entry) => say(eventMessage(entry)));
  await new Promise<void>((resolve) => {
    const offRest = onRest(() => {
      if (!colony.observed.known || colony.operations.size > 0 || colony.observed.sessions.size > 0) return;
      offRest();
      resolve();
    });
    loop.wake();
  });
  unlisten();
  const report = status(colony);
  loop.stop();
  // A colony that is down belongs to no folder, and nothing of it is to come back by itself.
  for (const file of [colony.paths.owner, colony.paths.desired]) {
    colony.saver.forget(file);
    rmSync(file, { force: true });
  }
  await colony.tmux?.shutdown();
  // Whoever hears that all is down may take the folder away.
  await colony.historian?.close();
  say({ type: 'settled', outcome: 'done', status: { ...report, supervisor: null, agents: [] } });
  response.end(() => quit('the colony is down'));
}
