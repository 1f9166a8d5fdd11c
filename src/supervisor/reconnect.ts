import { EXIT, type Problem } from '../control/protocol.ts';
import type { Desired } from '../reconciler/types.ts';
import type { News } from '../tmux/types.ts';
import { noteClient } from './clients.ts';
import type { Colony } from './colony.ts';
import { connect } from './connect.ts';
import { methodsAtRisk } from './faults.ts';
import { failureText } from './observe.ts';
import { shelters, unshelteredText } from './shelter.ts';

/** What changes anything in tmux. */
const TMUX_STEPS = ['spawn', 'respawn', 'label', 'remove', 'keys', 'shutdown'] as const;

/**
 * Connect to tmux, or say why that does not work. When the connection ends, `wake` is called, and the next pass tries
 * again. A server is started only while the colony is meant to be up.
 */
export async function reconnect(
  colony: Colony,
  desired: Desired,
  wake: (news: News) => void,
): Promise<Problem | undefined> {
  const connected = await connect({
    desired,
    paths: colony.paths,
    home: colony.home,
    environment: colony.environment,
    lastServer: colony.journal.ledger.server,
    start: colony.goal === 'run',
    onWake: wake,
    onClient: (pid) => noteClient(colony.paths.clients, pid),
    shelters: shelters(colony.name, colony.manager, colony.environment),
    onUnsheltered: (why) => {
      colony.unsheltered = unshelteredText(why);
    },
    onClosed: (why) => {
      colony.tmux = undefined;
      colony.tmuxDown = why;
      wake('anything');
    },
  });
  colony.tmux = connected.ok ? methodsAtRisk(connected.value, TMUX_STEPS) : undefined;
  colony.tmuxDown = connected.ok ? undefined : connected.error;
  if (connected.ok) return undefined;
  return { code: 'tmux_unavailable', exit: EXIT.unavailable, text: failureText(connected.error) };
}
