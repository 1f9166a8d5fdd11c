import type { ColonyPaths } from '../control/paths.ts';
import { send } from '../processes/reaper.ts';
import { isRunning } from '../processes/table.ts';
import type { Desired, Result, ServerIdentity } from '../reconciler/types.ts';
import { openTmux } from '../tmux/open.ts';
import type { News, Shelter, Tmux, TmuxFailure, TmuxPlace } from '../tmux/types.ts';
import { type Environment, MARKERS, membershipVariables, serverEnvironment } from './environment.ts';

export type ConnectOptions = {
  readonly desired: Pick<Desired, 'name' | 'path' | 'tmux'>;
  readonly paths: ColonyPaths;
  /** The value of COLONY_HOME: with it, the socket lives among the colony's own files. */
  readonly home: string | undefined;
  readonly environment: Environment;
  /** The server that was last known to run. */
  readonly lastServer: ServerIdentity | undefined;
  /** Whether a server may be started if none runs. */
  readonly start: boolean;
  readonly onWake: (news: News) => void;
  readonly onClient?: (pid: number) => void;
  readonly onClosed: (why: TmuxFailure) => void;
  /** See OpenOptions. */
  readonly shelters?: readonly Shelter[];
  readonly onUnsheltered?: (why: string) => void;
};

/** How long tmux may take to make its socket anew, and how long it may take to answer anything. */
const SOCKET_BACK_WITHIN = 2_000;
const ANSWER_WITHIN = 5_000;

/** Which tmux server a colony lives on. */
export function placeOf(desired: Pick<Desired, 'tmux'>, paths: ColonyPaths, home: string | undefined): TmuxPlace {
  const { server } = desired.tmux;
  if (server.kind === 'default') return { kind: 'default' };
  return home === undefined ? { kind: 'name', name: server.socket } : { kind: 'path', path: paths.tmuxSocket };
}

/**
 * Connect to the colony's tmux server, and start it if it may be started and none runs.
 *
 * A socket that is gone does not mean that its server is. While the last known server lives it is asked to make the
 * socket anew, and no second one is ever started beside it.
 */
export async function connect(options: ConnectOptions): Promise<Result<Tmux, TmuxFailure>> {
  const { lastServer } = options;
  if (!lastServer || !isRunning(lastServer)) return open(options, options.start);
  const deadline = performance.now() + SOCKET_BACK_WITHIN;
  for (;;) {
    const opened = await open(options, false);
    if (opened.ok || opened.error.code !== 'no_server') return opened;
    if (!isRunning(lastServer)) return open(options, options.start);
    if (performance.now() > deadline)
      return { ok: false, error: { ...opened.error, code: 'unreachable', why: hidden(lastServer) } };
    send(lastServer, 'SIGUSR1');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function hidden(server: ServerIdentity): string {
  return `its socket is gone, the server (pid ${server.pid}) still runs and did not make a new one`;
}

function open(options: ConnectOptions, start: boolean): Promise<Result<Tmux, TmuxFailure>> {
  const { desired, paths, home, environment, onWake, onClient, onClosed, shelters, onUnsheltered } = options;
  const { tmux, name, path: config } = desired;
  const own = tmux.server.kind === 'own';
  return openTmux({
    place: placeOf(desired, paths, home),
    colony: name,
    conf: { historyLimit: tmux.history_limit, size: tmux.size, config: tmux.config, path: paths.tmuxConf },
    anchor: {
      session: own ? '_colony' : `_colony-${name}`,
      argv: ['tail', '-n', '+1', '-F', paths.log],
    },
    // What all agents share is said once to a server of our own, and with each program to anybody else's.
    environment: own
      ? { ...environment, ...membershipVariables({ colony: name, config, home, spool: paths.spool }) }
      : serverEnvironment(environment),
    unset: own ? [] : MARKERS,
    start,
    timeout: ANSWER_WITHIN,
    onWake,
    ...(onClient ? { onClient } : {}),
    onClosed,
    ...(shelters ? { shelters } : {}),
    ...(onUnsheltered ? { onUnsheltered } : {}),
  });
}
