import type {
  AgentName,
  Millis,
  PaneId,
  Result,
  RunId,
  Session,
  SessionId,
  TerminalSize,
} from '../reconciler/types.ts';
import type { TmuxVersion } from './version.ts';

export type { TmuxVersion };

/** Which server: the one named with `-L`, the one at a socket path, or the user's own, where colony is a guest. */
export type TmuxPlace =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'default' };

/**
 * Why tmux did not do what was asked. Only `no_server` means that nothing runs.
 *
 * - `missing`: there is no tmux program; `why` says how to get one.
 * - `too_old`: the program, or the server that runs, is older than 3.2a.
 * - `no_server`: tmux itself said that no server listens at this place.
 * - `unreachable`: no answer in time, or one that makes no sense. Nothing is known.
 * - `refused`: tmux understood and said no; `why` is its own message.
 * - `closed`: the connection ended, or had ended before.
 */
export type TmuxFailure = {
  readonly code: 'missing' | 'too_old' | 'no_server' | 'unreachable' | 'refused' | 'closed';
  /** The tmux subcommand that was tried. Never its arguments: they may hold secrets. */
  readonly command: string;
  readonly why: string;
};

export type OpenOptions = {
  readonly place: TmuxPlace;
  /** Name of the colony: only sessions labelled with it are ever observed as ours. */
  readonly colony: string;
  readonly conf: {
    /** Lines of scrollback for panes that are made from now on. */
    readonly historyLimit: number;
    readonly size: TerminalSize;
    /** A tmux configuration to load before colony's own; own servers only. */
    readonly config: string | undefined;
    /** Where the generated configuration is written; own servers only. */
    readonly path: string;
  };
  /** The session that keeps the connection: its name, and what it shows. */
  readonly anchor: { readonly session: string; readonly argv: readonly [string, ...string[]] };
  /** The whole environment of our clients, and of an own server: each program in it inherits that. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables of the server's environment that must not reach an agent unless its own environment sets them. */
  readonly unset: readonly string[];
  /** false: join a server that runs, never start one. */
  readonly start: boolean;
  /** How long tmux may take for one answer. Default 5000. */
  readonly timeout?: Millis;
  /** Something may have changed: look again. Comes too often rather than too seldom. */
  readonly onWake: (news: News) => void;
  /** The connection ended without being closed from here. Called at most once. */
  readonly onClosed: (why: TmuxFailure) => void;
  /** A process that talks to tmux for us was started: told in the same instant, before it can have done anything. */
  readonly onClient?: (pid: number) => void;
  /**
   * Commands to make a server through, so that it does not end with the service that this process belongs to. They are
   * tried in their order, and the plain program last.
   */
  readonly shelters?: readonly Shelter[];
  /** A server was made without any of them: what the last one said. */
  readonly onUnsheltered?: (why: string) => void;
  /** The program to run. Default `tmux`, found by `PATH` in `environment`. */
  readonly binary?: string;
};

/** A command that runs the words after its own ones in another place. */
export type Shelter = {
  readonly argv: readonly [string, ...string[]];
  /** Laid over the environment for this command; what it runs gets its own back by its last words. */
  readonly environment: Readonly<Record<string, string>>;
};

/** What colony writes on a session about the life that runs in it. */
export type Labels = {
  readonly generation: number;
  readonly fingerprint: string;
  readonly run: RunId;
  readonly started: Millis;
  /** What the status line shows. */
  readonly shown: string;
};

/**
 * What a wake-up can be about: programs that ended in their panes, and nothing else; or anything at all.
 *
 * It says how much has to be read again, never what is there.
 */
export type News = 'ended' | 'anything';

/** One process to start, and where. */
export type Launch = {
  /** Name of the session, for one that has to be made. */
  readonly name: string;
  readonly agent: AgentName;
  /** Must exist: tmux would start elsewhere without a word. */
  readonly workdir: string;
  /** Executed as it is; no shell comes between. */
  readonly argv: readonly [string, ...string[]];
  /** Laid over the server's environment for this one process. Values are secrets and never stand in an argv. */
  readonly env: Readonly<Record<string, string>>;
  readonly size: TerminalSize;
  readonly labels: Labels;
};

/** What was started, and the session as tmux showed it right afterwards. */
export type Launched = {
  readonly session: SessionId;
  readonly pane: PaneId;
  readonly pid: number;
  readonly seen: Session;
};

/** A session that is not ours, and the pane in it that is meant. */
export type Strange = { readonly session: SessionId; readonly pane: PaneId };

/** All sessions of one server at one instant. */
export type Sighting = {
  /** Sessions with this colony's labels, by agent. */
  readonly sessions: ReadonlyMap<AgentName, readonly Session[]>;
  /** Names of all other sessions, without the anchor. */
  readonly foreign: ReadonlySet<string>;
};

/** Where the next character would appear, counted from the upper left corner, which is 0, 0. */
export type Cursor = { readonly x: number; readonly y: number; readonly shown: boolean };

/** What a pane shows at one instant. */
export type Picture = {
  /** Every row of the screen, without the blanks at its end. */
  readonly lines: readonly string[];
  /** The same with blanks in the place of what is dim: suggestions, and whatever else nobody has typed. */
  readonly bright: readonly string[];
  readonly cursor: Cursor;
  /** A person scrolls or copies there, and keys would not reach the program. */
  readonly reading: boolean;
  readonly alive: boolean;
};

/** What `shutdown` came to. */
export type Shutdown = 'server_ended' | 'anchor_removed';

type Answer<T> = Promise<Result<T, TmuxFailure>>;

/** An open connection to one tmux server. */
export interface Tmux {
  /** Of the server, which may be older than the program. */
  readonly version: TmuxVersion;
  readonly serverPid: number;
  readonly place: TmuxPlace;
  /** Read all sessions. A failure means that nothing is known, never that nothing is there. */
  observe(): Answer<Sighting>;
  /**
   * Read only the panes whose program has ended: a tenth of the cost of all, for a hundred sessions. Answers a function
   * that brings an earlier sighting up to date with them, or says by undefined that this one cannot be: then all has to
   * be read.
   */
  glance(): Answer<(last: Sighting) => Sighting | undefined>;
  /** Make a session, labelled in the very call that creates it, and start the program in it. */
  spawn(launch: Launch): Answer<Launched>;
  /**
   * Start the program in the pane of a session whose last program has ended; refused while one runs there.
   *
   * If a person closed that pane, a new window of the same session takes its place. When refused, the labels of the
   * former life stay.
   */
  respawn(session: Session, launch: Launch): Answer<Launched>;
  /** Make a session ours that a person has begun, without touching what runs there. */
  adopt(strange: Strange, agent: AgentName, labels: Labels): Answer<Launched>;
  label(session: SessionId, labels: Partial<Labels>): Answer<void>;
  /** Close a session with all its panes; one that is gone already counts as removed. */
  remove(session: SessionId): Answer<void>;
  /** Press keys, each a tmux key name such as `C-c`, or text. */
  keys(pane: PaneId, keys: readonly string[]): Answer<void>;
  /** Put a text in as if it was pasted: of any length, with line breaks, and without an Enter behind it. */
  paste(pane: PaneId, text: string): Answer<void>;
  /** What the pane shows at this instant, in its place on the screen. */
  look(pane: PaneId): Answer<Picture>;
  /** Press Enter if the cursor is where a look has seen it, else do nothing: true if it was. Nothing comes in between. */
  enterAt(pane: PaneId, cursor: Cursor): Answer<boolean>;
  /** Put an end to scrolling and copying, so that keys reach the program again. */
  stopReading(pane: PaneId): Answer<void>;
  /** The text on the screen and `history` lines above it, without blank lines at the end. */
  capture(pane: PaneId, options: { readonly history: number }): Answer<readonly string[]>;
  /**
   * Add everything that the pane prints from now on to a file (0600), and answer what it shows at this very instant and
   * `history` lines above it, long lines in one piece: nothing comes twice, and nothing is left out.
   *
   * Goes on when another program is started in the pane, and when this connection is closed. It adds to the end, so that
   * the file may be emptied meanwhile. A file that was written to before is let go of, and of a fast printer a few lines
   * are lost then. At some 64 MiB the writing ends by itself, so that nobody fills a disk unwatched.
   */
  pipe(pane: PaneId, path: string, options: { readonly history: number }): Answer<readonly string[]>;
  /** Let go of the file that `pipe` has begun. */
  unpipe(pane: PaneId): Answer<void>;
  /** Whether what the pane prints goes anywhere beside the screen. */
  piped(pane: PaneId): Answer<boolean>;
  /**
   * Wake up when one of these panes prints, or changes its title, which tmux looks for once a second. It replaces what
   * was asked for before, and ends with the connection. That the signs of a spinner turn in a title is not told.
   */
  tell(panes: readonly PaneId[]): Answer<void>;
  /**
   * End the server, if it is colony's own and no session but the anchor lives there; else remove the anchor alone.
   * The connection is closed afterwards.
   */
  shutdown(): Answer<Shutdown>;
  /** Make the server look for children that ended: before 3.6 it misses some. */
  poke(): void;
  /** Leave: the server and all sessions live on. */
  close(): Promise<void>;
}
