import { EXIT, type Problem } from '../control/protocol.ts';
import type { Desired } from '../reconciler/types.ts';
import { noteClients } from './clients.ts';
import type { Colony } from './colony.ts';
import { connect } from './connect.ts';
import { failureText } from './observe.ts';

/**
 * Connect to tmux, or say why that does not work. When the connection ends, `wake` is called, and the next pass tries
 * again. A server is started only while the colony is meant to be up.
 */
export async function reconnect(colony: Colony, desired: Desired, wake: () => void): Promise<Problem | undefined> {
  const connected = await connect({
    desired,
    paths: colony.paths,
    home: colony.home,
    environment: colony.environment,
    lastServer: colony.journal.ledger.server,
    start: colony.goal === 'run',
    onWake: wake,
    onClosed: (why) => {
      colony.tmux = undefined;
      colony.tmuxDown = why;
      wake();
    },
  });
  if (connected.ok) noteClients(colony.paths.clients, connected.value, colony.saver);
  colony.tmux = connected.ok ? connected.value : undefined;
  colony.tmuxDown = connected.ok ? undefined : connected.error;
  if (connected.ok) return undefined;
  return { code: 'tmux_unavailable', exit: EXIT.unavailable, text: failureText(connected.error) };
}
