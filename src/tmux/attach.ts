import type { SessionId } from '../reconciler/types.ts';
import { placeFlags } from './place.ts';
import type { TmuxPlace } from './types.ts';

/** How to show a session on this terminal. */
export type Attach = {
  readonly argv: readonly [string, ...string[]];
  /** Variables that the program must not inherit. */
  readonly dropEnv: readonly string[];
  /**
   * `attach`: on a bare terminal; it lasts until the person detaches. `switch`: the tmux client that is there already
   * shows the session from now on. `nested`: one tmux inside another, with the prefix key pressed twice.
   */
  readonly how: 'attach' | 'switch' | 'nested';
};

/**
 * The command that shows a session to a person.
 *
 * `insideTmux` is `$TMUX` of the terminal. Looking without touching is always an attach: switching the client that is
 * there would leave it read-only for all its other sessions.
 */
export function attachArgv(
  place: TmuxPlace,
  session: SessionId,
  options: { readonly readOnly: boolean; readonly insideTmux: string | undefined; readonly binary?: string },
): Attach {
  const tmux = options.binary ?? 'tmux';
  if (options.insideTmux && !options.readOnly && isThatServer(place, options.insideTmux)) {
    return { argv: [tmux, ...placeFlags(place), 'switch-client', '-t', session], dropEnv: [], how: 'switch' };
  }
  const look = options.readOnly ? ['-r'] : [];
  return {
    argv: [tmux, ...placeFlags(place), 'attach-session', ...look, '-t', session],
    dropEnv: options.insideTmux ? ['TMUX', 'TMUX_PANE'] : [],
    how: options.insideTmux ? 'nested' : 'attach',
  };
}

/** Whether `$TMUX` (`socket,pid,session`) is of the server at `place`. */
function isThatServer(place: TmuxPlace, insideTmux: string): boolean {
  const socket = insideTmux.replace(/,\d+,\d+$/, '');
  if (place.kind === 'path') return socket === place.path;
  // Named sockets live in one folder for each user: /tmp/tmux-1000/NAME, or elsewhere with TMUX_TMPDIR.
  const name = place.kind === 'name' ? place.name : 'default';
  return new RegExp(`/tmux-\\d+/${escapeRegExp(name)}$`).test(socket);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
