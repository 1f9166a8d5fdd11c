import { join } from 'node:path';

/** Where everything of one colony lives. Directories are 0700, files 0600. */
export type ColonyPaths = {
  readonly dir: string;
  readonly socket: string;
  readonly journal: string;
  readonly ledger: string;
  /** Past lives of agents, one a line. */
  readonly history: string;
  /** Those that have not ended. */
  readonly running: string;
  /** The last configuration that was accepted, ready to use. */
  readonly desired: string;
  /** What it said of agents that have left it and whose hooks still have to run. */
  readonly departed: string;
  /** The environment captured for children. */
  readonly environment: string;
  /** Which file this colony belongs to. */
  readonly owner: string;
  readonly tmuxConf: string;
  readonly tmuxSocket: string;
  /** Which processes the supervisor talks to tmux through. */
  readonly clients: string;
  readonly log: string;
  readonly screens: string;
  /** What agents with log probes print. */
  readonly output: string;
  /** A folder in which programs leave what they say of themselves. */
  readonly spool: string;
  /** What is given to the programs that colony knows: settings, and the script that their hooks call. */
  readonly inject: string;
  /** How the colony is enabled; there is one only while it is. */
  readonly login: string;
  /** What a service manager runs. */
  readonly launcher: string;
  /** Prefix of the numbered lock files. */
  readonly lock: string;
};

/** What decides where files go: a subset of the process environment. */
export type PathEnvironment = {
  readonly COLONY_HOME?: string | undefined;
  readonly XDG_STATE_HOME?: string | undefined;
  readonly HOME?: string | undefined;
};

/** The kernel's limit on the path of a unix socket, less the closing NUL: 108 on Linux, 104 on macOS. */
const SOCKET_PATH_LIMIT = 103;

/** The folder that holds all colonies of this user. Not XDG_RUNTIME_DIR: that one is deleted at the last logout. */
export function colonyHome(env: PathEnvironment, homedir: string): string {
  if (env.COLONY_HOME) return env.COLONY_HOME;
  return join(env.XDG_STATE_HOME || join(env.HOME || homedir, '.local', 'state'), 'colony');
}

/** The places of one colony by its name. A socket path too long for the kernel moves to /tmp, in a folder of this user. */
export function colonyPaths(home: string, name: string, uid: number): ColonyPaths {
  const dir = join(home, name);
  const at = (file: string) => join(dir, file);
  return {
    dir,
    socket: shortEnough(at('control.sock'), uid),
    journal: at('journal.ndjson'),
    ledger: at('ledger.json'),
    history: at('history.ndjson'),
    running: at('running.json'),
    desired: at('desired.json'),
    departed: at('departed.json'),
    environment: at('environment.json'),
    owner: at('owner.json'),
    tmuxConf: at('tmux.conf'),
    tmuxSocket: shortEnough(at('tmux.sock'), uid),
    clients: at('clients.json'),
    log: at('supervisor.log'),
    screens: at('screens'),
    output: at('output'),
    spool: at('spool'),
    inject: at('inject'),
    login: at('login.json'),
    launcher: at('login.sh'),
    lock: at('lock'),
  };
}

/** The folder for sockets whose own path would be too long. */
export function shortSocketDir(uid: number): string {
  return `/tmp/colony-${uid}`;
}

function shortEnough(path: string, uid: number): string {
  if (Buffer.byteLength(path) <= SOCKET_PATH_LIMIT) return path;
  return join(shortSocketDir(uid), `${digest(path)}.sock`);
}

/**
 * The file that remembers which colony a colony.yaml belongs to.
 *
 * The name stands in the YAML, and reading YAML costs more than the whole rest of `colony status`.
 */
export function nameIndexPath(home: string, configPath: string): string {
  return join(home, '.names', digest(configPath));
}

/** Prefix of what a colony has before its supervisor has read what it is called. */
export function newColonyPath(home: string, configPath: string): string {
  return join(home, '.new', digest(configPath));
}

/**
 * Sixteen hexadecimal digits that stand for a text: 32-bit FNV-1a from two starts.
 *
 * Good enough to tell a person's files apart, and node's own crypto takes longer to load than a colony to be asked.
 */
function digest(text: string): string {
  return [0x811c9dc5, 0x9e3779b9].map((start) => fnv(text, start).toString(16).padStart(8, '0')).join('');
}

function fnv(text: string, start: number): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
