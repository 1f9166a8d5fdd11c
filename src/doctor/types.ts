import type { Transcript } from '../agents/choice.ts';
import type { Facts as LoginFacts, Verdict } from '../login/types.ts';
import type { AgentName, Bytes, ConversationId, Kind, Obstacle, Reason } from '../reconciler/types.ts';

/**
 * What one check came to.
 *
 * `note`: worth knowing, and nothing has to be done. `warning`: something does not work, or will not. `error`: agents do
 * not run, or would be lost.
 */
export type Level = 'ok' | 'note' | 'warning' | 'error';

export type Finding = {
  /** Names the check; scripts may rely on it. */
  readonly id: string;
  readonly level: Level;
  /** A whole sentence without its full stop. */
  readonly text: string;
  /** The command or the edit that mends it. */
  readonly mend?: string;
};

/** What was read of the machine, whatever runs on it. */
export type MachineFacts = {
  readonly platform: NodeJS.Platform;
  /** What `tmux -V` says where the supervisor looks for it; undefined: there is none. */
  readonly tmux: string | undefined;
  /** The same in this shell, where that is another place. */
  readonly tmuxHere: string | undefined;
  readonly node: string;
  /** The most files that one process may have open; undefined: nobody tells, or there is no limit. */
  readonly openFiles: number | undefined;
  /** The kernel has no more watches for files: what it said. */
  readonly watch: string | undefined;
  /** What takes files out of /tmp that are old, sockets among them. */
  readonly cleaners: readonly string[];
};

/** Who answers on the colony's socket. */
export type SupervisorFacts =
  | { readonly is: 'absent' }
  | { readonly is: 'silent' }
  | { readonly is: 'strange'; readonly why: string }
  | { readonly is: 'there'; readonly pid: number; readonly version: string };

/** The program that an agent is started with. */
export type ProgramFacts = {
  readonly name: string;
  /** undefined: it is not found by the agent's own PATH. */
  readonly path: string | undefined;
  /** The first line of what `--version` prints; undefined: it was not asked, or did not say. */
  readonly version: string | undefined;
};

export type AgentFacts = {
  readonly name: AgentName;
  readonly kind: Kind;
  readonly enabled: boolean;
  readonly obstacle: Obstacle | undefined;
  /** undefined: it is a line for a shell that is more than one command. */
  readonly program: ProgramFacts | undefined;
  /** Whether the kind has conversations that are gone on with. */
  readonly resumes: boolean;
  readonly conversation: { readonly id: ConversationId; readonly transcript: Transcript } | undefined;
  readonly onReboot: 'start' | 'last_state' | 'stay_down';
  /** It ran when it was last looked at. */
  readonly ran: boolean;
  /** It has ended, and its restart policy does not start it again. */
  readonly over: boolean;
  readonly hold: { readonly reason: Reason; readonly why: string } | undefined;
};

/** How the colony stands with what starts it at boot. */
export type LoginState = {
  readonly colony: string;
  /** undefined: it was never enabled. */
  readonly manager: 'systemd' | 'launchd' | 'cron' | undefined;
  readonly facts: LoginFacts;
  readonly verdict: Verdict;
  /** The colony.yaml that is started at boot. */
  readonly config: string | undefined;
  readonly launcher: string | undefined;
  /** Files that `colony enable` would write anew: somebody has changed them, or another release has written them. */
  readonly outdated: readonly string[];
  /** Of the Node.js and the program that the launcher starts, those that are not there any more. */
  readonly gone: readonly string[];
};

/** Differences of the environment that agents get and that of the shell; names alone. */
export type DriftFacts = {
  readonly changed: readonly string[];
  readonly captured: readonly string[];
  readonly here: readonly string[];
};

/** What was read of one colony. */
export type ColonyFacts = {
  readonly name: string;
  readonly path: string;
  readonly dir: string;
  readonly version: string;
  /** It was applied, and is not down. */
  readonly up: boolean;
  /** Another colony.yaml from which a colony of the same name is up: all that is kept under it is of that one. */
  readonly other: { readonly path: string; readonly there: boolean } | undefined;
  /** Colonies of this user that are up although their file is gone, by its path. */
  readonly lost: readonly string[];
  /** Why nothing can be written where the state is; undefined: it can. */
  readonly unwritable: string | undefined;
  /** What is wrong with the file; undefined: nothing. */
  readonly mistakes: string | undefined;
  readonly supervisor: SupervisorFacts;
  readonly login: LoginState;
  readonly drift: DriftFacts | undefined;
  readonly agents: readonly AgentFacts[];
  /** Free bytes where the state is. */
  readonly free: Bytes | undefined;
  /** Files of the state that others may read, and folders. */
  readonly loose: readonly string[];
  /** Left behind by something that is gone. */
  readonly stale: readonly string[];
  /** What cannot be read of the journal, in words; undefined: nothing is wrong. */
  readonly damage: string | undefined;
  /** The control socket is elsewhere, because its path would be too long. */
  readonly socketMoved: boolean;
  /** The tmux socket is in /tmp, where cleaners may take it. */
  readonly tmuxSocket: string;
};

export type Facts = { readonly machine: MachineFacts; readonly colony: ColonyFacts | undefined };
