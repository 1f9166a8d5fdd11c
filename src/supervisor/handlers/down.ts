import { rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { type DownRequest, EXIT, type Problem } from '../../control/protocol.ts';
import { announce } from '../colony.ts';
import { type Context, messages, Refused } from './context.ts';
import { eventMessage } from './follow.ts';
import { nothingDesired, status } from './status.ts';

/** End every agent and then the supervisor; or the supervisor alone. */
export async function down(context: Context, request: DownRequest, response: ServerResponse): Promise<void> {
  const { colony, loop, onRest, quit } = context;
  if ((request.pid ?? process.pid) !== process.pid) throw new Refused(otherSupervisor(colony.name));
  const say = messages(response);
  if (request.supervisor_only) {
    say({ type: 'settled', outcome: 'done', status: status(colony) });
    response.end(() => quit('asked for; the agents run on'));
    return;
  }
  announce(colony, { type: 'down' });
  colony.goal = 'down';
  // Once said, it is not taken back by a second `down` that has more time.
  colony.hurry ||= request.now ?? false;
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
  await colony.tmux?.shutdown();
  // Whoever hears that all is down may take the folder away.
  await colony.historian?.close();
  // A colony that is down belongs to no folder, and nothing of it is to come back by itself. The owner goes last: as
  // long as there is one, a further `down` finishes what this one could not.
  for (const file of [colony.paths.departed, colony.paths.desired, colony.paths.owner]) {
    colony.saver.forget(file);
    rmSync(file, { force: true });
  }
  say({ type: 'settled', outcome: 'done', status: { ...report, supervisor: null, agents: [] } });
  response.end(() => quit('the colony is down'));
}

function otherSupervisor(colony: string): Problem {
  const text = `another supervisor (pid ${process.pid}) has taken over ${colony} in the meantime`;
  return { code: 'other_supervisor', exit: EXIT.unavailable, text };
}
