import { readFileSync } from 'node:fs';
import { isMark } from '../agents/opencode/log.ts';
import { RUN_VARIABLE } from '../processes/environ.ts';
import type { AgentSpec, ConversationId, RunId } from '../reconciler/types.ts';
import type { Saver } from './state/saver.ts';

/** Names and values of environment variables. Values are secrets. */
export type Environment = Readonly<Record<string, string>>;

/**
 * Variables that describe the place where colony was started and not the person's surroundings.
 *
 * The first group are markers that agents leave for their own children: an agent started with them believes that it is
 * a sub-agent, and keeps no transcript. The second describes one terminal; the third one shell, or one run of npm.
 */
const SCRUBBED: ReadonlySet<string> = new Set([
  ...['CLAUDECODE', 'CLAUDE_CODE_CHILD_SESSION', 'CLAUDE_CODE_ENTRYPOINT', 'CLAUDE_CODE_SESSION_ID'],
  ...['CLAUDE_CODE_EXECPATH', 'CLAUDE_PID', 'CLAUDE_EFFORT', 'CLAUDE_CODE_MESSAGING_SOCKET'],
  ...['CLAUDE_CODE_MESSAGING_TOKEN', 'CLAUDE_CODE_EXPERIMENTAL_AGENT_TEAMS', 'CLAUDE_PROJECT_DIR', 'CLAUDE_ENV_FILE'],
  ...['CODEX_THREAD_ID', 'CODEX_CI', 'CODEX_SANDBOX', 'CODEX_SANDBOX_NETWORK_DISABLED'],
  ...['OPENCODE', 'OPENCODE_PID', 'AGENT'],
  ...['GEMINI_CLI', 'GEMINI_CLI_NO_RELAUNCH', 'GEMINI_SESSION_ID', 'GEMINI_PROJECT_DIR', 'GEMINI_CWD', 'CLI_TITLE'],
  ...['TMUX', 'TMUX_PANE', 'STY', 'TERM', 'TERMCAP', 'TERM_PROGRAM', 'TERM_PROGRAM_VERSION', 'COLORTERM', 'COLUMNS'],
  ...['LINES', 'WINDOWID', 'SSH_TTY'],
  ...['_', 'SHLVL', 'PWD', 'OLDPWD', 'INIT_CWD'],
]);

const SCRUBBED_PREFIXES = ['npm_', 'COLONY_'];

/** The names of markers that must be taken out of a tmux server that somebody else started. */
export const MARKERS: readonly string[] = [...SCRUBBED].filter(
  (name) => !['TERM', 'TMUX', 'TMUX_PANE', '_'].includes(name),
);

/** The part of an environment that children may inherit: no markers, and not the mark of an opencode that colony runs in. */
export function scrub(environment: Readonly<Record<string, string | undefined>>): Environment {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !SCRUBBED.has(entry[0]) &&
      !(entry[0] === 'OPENCODE_CONFIG' && isMark(entry[1])) &&
      !SCRUBBED_PREFIXES.some((prefix) => entry[0].startsWith(prefix)),
  );
  return Object.fromEntries(kept);
}

/**
 * The environment that was captured when this colony was first applied; undefined if there is none yet.
 *
 * It is kept on disk (0600), or a supervisor started from another shell, or from none, would change what the file
 * means by its variables, and restart agents.
 */
export function loadEnvironment(path: string): Environment | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Environment;
  } catch {
    return undefined;
  }
}

/** Keep the captured environment for the supervisors to come. */
export function saveEnvironment(path: string, environment: Environment, saver: Saver): void {
  saver.save(path, JSON.stringify(environment));
}

/** What all children of a colony learn about it. */
export type Membership = {
  readonly colony: string;
  /** Path of colony.yaml. */
  readonly config: string;
  /** The value of COLONY_HOME, if it is set: `colony` run inside the agent must find the same colony. */
  readonly home: string | undefined;
  /** The folder in which a program leaves what it says of itself. */
  readonly spool: string;
};

/** What a child learns about itself, besides what the file sets for it. */
export type Identity = Membership & {
  readonly generation: number;
  readonly run: RunId;
  /** The conversation that it is started with. */
  readonly conversation?: ConversationId | undefined;
};

/** The variables that are the same for all children of a colony. */
export function membershipVariables({ colony, config, home, spool }: Membership): Environment {
  return {
    COLONY_NAME: colony,
    COLONY_CONFIG: config,
    COLONY_SPOOL: spool,
    ...(home === undefined ? {} : { COLONY_HOME: home }),
  };
}

/** The captured environment as the file changes it for one agent: what it sets, and without what it unsets. */
export function environmentOf(base: Environment, { env }: Pick<AgentSpec, 'env'>): Environment {
  const changed: Record<string, string | null> = { ...base, ...env };
  for (const name of unsetBy(env)) delete changed[name];
  return changed as Environment;
}

/** The names of the variables that an agent is not to have. */
export function unsetBy(env: AgentSpec['env']): readonly string[] {
  return Object.keys(env).filter((name) => env[name] === null);
}

/**
 * The whole environment of one life of an agent: the later part wins. `advice` is what colony adds for a kind: whoever
 * sets the same knows better.
 */
export function childEnvironment(
  base: Environment,
  spec: AgentSpec,
  identity: Identity,
  advice: Environment = {},
): Environment {
  return {
    ...advice,
    ...environmentOf(base, spec),
    ...membershipVariables(identity),
    COLONY_AGENT: spec.name,
    COLONY_KIND: spec.kind,
    COLONY_REPLICA: String(spec.replica),
    COLONY_GENERATION: String(identity.generation),
    COLONY_METADATA: JSON.stringify(spec.metadata),
    ...(identity.conversation === undefined ? {} : { COLONY_CONVERSATION: identity.conversation }),
    [RUN_VARIABLE]: identity.run,
  };
}

/** The little that a tmux client of ours needs on a server that belongs to somebody else. */
export function serverEnvironment(base: Environment): Environment {
  const needed = [
    'PATH',
    'HOME',
    'USER',
    'LOGNAME',
    'SHELL',
    'LANG',
    'LC_ALL',
    'LC_CTYPE',
    'TMPDIR',
    'TMUX_TMPDIR',
    'XDG_RUNTIME_DIR',
  ];
  return Object.fromEntries(needed.flatMap((name) => (base[name] === undefined ? [] : [[name, base[name]]])));
}
