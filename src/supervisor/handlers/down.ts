import { rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { type DownRequest, EXIT, type Problem } from '../../control/protocol.ts';
import { endAll } from '../end-all.ts';
import { type Context, messages, Refused } from './context.ts';
import { eventMessage } from './follow.ts';
import { status } from './status.ts';

/** End every agent and then the supervisor; or the supervisor alone. */
export async function down(context: Context, request: DownRequest, response: ServerResponse): Promise<void> {
  const { colony, loop, quit } = context;
  if ((request.pid ?? process.pid) !== process.pid) throw new Refused(otherSupervisor(colony.name));
  const say = messages(response);
  if (request.supervisor_only) {
    say({ type: 'settled', outcome: 'done', status: status(colony) });
    response.end(() => quit('asked for; the agents run on'));
    return;
  }
  const unlisten = colony.journal.listen((entry) => say(eventMessage(colony, entry)));
  await endAll(context, request.now ?? false);
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
