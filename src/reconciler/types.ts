/**
 * The vocabulary of the project.
 *
 * Desired is what the file asks for, Observed is what was just read from the world, Ledger is what cannot be read
 * from the world. A pass compares them and answers with a Plan. Every Action has a Reason; whatever happens becomes an
 * Event; the Ledger is the fold of all Events. Data flows in that one direction.
 */
import type { CircuitBreakerSpec } from '../spec/colony.ts';
import type { Bytes, Millis } from '../spec/define.ts';
import type { DependsOnSpec } from '../spec/depends.ts';
import type { Kind } from '../spec/kinds.ts';
import type { RestartSpec } from '../spec/restart.ts';
import type { StopSpec } from '../spec/stop.ts';

export type { Bytes, Kind, Millis };

/** `[a-z][a-z0-9-]*`: what tmux keeps as it is in a session name, and a person can type. */
export type AgentName = string;
/** One life of one agent's process; unique on this machine. Stands in the child's environment as COLONY_RUN_ID. */
export type RunId = string;
/** tmux's own id of a session, such as `$3`. */
export type SessionId = string;
/** tmux's own id of a pane, such as `%7`. */
export type PaneId = string;

/** Success with a value, or a failure that the caller must look at. Only bugs are thrown. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

// ---------------------------------------------------------------------------------------------------- Desired

/** A line for `sh -c`, or words that are executed as they are. Never typed into a shell. */
export type Command =
  | { readonly form: 'shell'; readonly line: string }
  | { readonly form: 'words'; readonly words: readonly [string, ...string[]] };

/** Columns and rows of a terminal. */
export type TerminalSize = { readonly columns: number; readonly rows: number };

/**
 * One agent as the file asks for it: checked, with every default filled in, every variable replaced, every path
 * absolute. Nothing else may be assumed.
 */
export type AgentSpec = {
  readonly name: AgentName;
  readonly kind: Kind;
  readonly description: string;
  readonly enabled: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly workdir: string;
  readonly command: Command;
  /** From env files and `env`; laid over the captured environment when the process starts. Values are secrets. */
  readonly env: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** 1-based place among the replicas; 1 where there is only one. */
  readonly replica: number;
  readonly depends_on: DependsOnSpec;
  readonly restart: RestartSpec;
  readonly stop: StopSpec;
  readonly size: TerminalSize;
  /** Versioned hash of what the user set in the fields whose change needs a new process. */
  readonly fingerprint: string;
  readonly settings: Settings;
};

/**
 * What the user set for one agent, flat, for comparing and showing: `restart.backoff.max` -> `5m`.
 *
 * A value that may be secret is a digest (`secret:` and hexadecimal digits) and never the value itself.
 */
export type Settings = Readonly<Record<string, string>>;

/** Everything of the file that concerns the colony as a whole. */
export type Desired = {
  readonly name: string;
  /** Absolute path of colony.yaml. */
  readonly path: string;
  /** Counts the configurations that were accepted; 0 before the first one. */
  readonly generation: number;
  readonly profiles: readonly string[];
  /** Whether a changed file is put in force by itself. */
  readonly reload: 'auto' | 'manual';
  readonly tmux: TmuxSpec;
  readonly concurrency: { readonly max_starting: number; readonly stagger: Millis };
  readonly circuit_breaker: CircuitBreakerSpec;
  /** How many past lives of each agent are kept, and for how long. */
  readonly history: { readonly keep: number; readonly ttl: Millis };
  readonly agents: ReadonlyMap<AgentName, AgentSpec>;
};

/** Which tmux server holds the sessions, and how it is set up. */
export type TmuxSpec = {
  /** `own`: a server of this colony alone. `default`: the user's own server, which is treated as a guest does. */
  readonly server: { readonly kind: 'own'; readonly socket: string } | { readonly kind: 'default' };
  /** Absolute path of a tmux configuration to load first; undefined for none. */
  readonly config: string | undefined;
  readonly history_limit: number;
  readonly size: TerminalSize;
};

// --------------------------------------------------------------------------------------------------- Observed

/** What the world looks like at one instant. Every field was read; none was remembered. */
export type Observed =
  | { readonly known: false; readonly at: Millis; readonly why: string }
  | {
      readonly known: true;
      readonly at: Millis;
      /** undefined: no tmux server runs. */
      readonly server: ServerIdentity | undefined;
      /** Sessions that carry this colony's labels, by agent; more than one only if a person copied labels. */
      readonly sessions: ReadonlyMap<AgentName, readonly Session[]>;
      /** Names of sessions that carry no label of ours: never touched, but they can stand in the way. */
      readonly foreign: ReadonlySet<string>;
      /** Why an agent could not be started at this moment, as far as that can be known beforehand. */
      readonly obstacles: ReadonlyMap<AgentName, Obstacle>;
    };

/** A process that cannot be mistaken for a later one with the same pid. */
export type ProcessIdentity = { readonly pid: number; readonly start: string };
export type ServerIdentity = ProcessIdentity;

/** One live tmux session of ours, as its labels and its main pane show it. */
export type Session = {
  readonly id: SessionId;
  readonly name: string;
  readonly attached: boolean;
  readonly agent: AgentName;
  readonly generation: number;
  readonly run: RunId | undefined;
  readonly fingerprint: string | undefined;
  readonly started: Millis | undefined;
  /** What the session's status line shows at the moment. */
  readonly shown: string;
  readonly main: MainPane;
};

/** The pane in which the agent's program runs. */
export type MainPane =
  | { readonly state: 'alive'; readonly pane: PaneId; readonly pid: number }
  /** `at`: when it ended, to the second; undefined where tmux cannot say. */
  | { readonly state: 'dead'; readonly pane: PaneId; readonly exit: Exit; readonly at?: Millis | undefined }
  /** Made, but no process was started in it yet. */
  | { readonly state: 'empty'; readonly pane: PaneId }
  /** A person closed it, and the session lives on through other panes. */
  | { readonly state: 'gone' };

/** How a process ended. Both undefined: it ended, and nobody could say how. */
export type Exit = { readonly code: number | undefined; readonly signal: number | undefined };

/** A reason why a start would fail, seen before it is tried. */
export type Obstacle =
  | { readonly code: 'workdir_missing'; readonly path: string }
  | { readonly code: 'command_not_found'; readonly program: string }
  | { readonly code: 'command_not_executable'; readonly program: string }
  | { readonly code: 'name_taken'; readonly session: string };

// ----------------------------------------------------------------------------------------------------- Ledger

/** What cannot be observed: past lives, holds, what was asked for by hand. A pure fold of the journal. */
export type Ledger = {
  /** Sequence number of the last event that was folded in. */
  readonly seq: number;
  readonly server: ServerIdentity | undefined;
  /** Start of the latest process, for `concurrency.stagger`. */
  readonly lastStart: Millis | undefined;
  readonly circuit: Circuit;
  readonly agents: ReadonlyMap<AgentName, History>;
};

/** What the circuit breaker of the colony does: failures of many agents together are answered with care. */
export type Circuit =
  /** `agents`: how many waited when it closed; they start one after another. Failures before `since` are dealt with. */
  | { readonly state: 'closed'; readonly since: Millis; readonly agents: number }
  /** No failure is answered. `agents`: how many failed together. */
  | { readonly state: 'open'; readonly since: Millis; readonly agents: number }
  /** One agent is started, to see how it does. `run`: its run that had failed, not the one that is tried. */
  | {
      readonly state: 'trial';
      readonly since: Millis;
      readonly agents: number;
      readonly agent: AgentName;
      readonly run: RunId | undefined;
    };

export type History = {
  /** Counts the lives of this agent's process; 0 before the first. */
  readonly generation: number;
  readonly run: RunId | undefined;
  readonly started: Millis | undefined;
  /** What the running (or last) process was started with, and what was changed in place since. */
  readonly applied: Applied | undefined;
  /** A stop that was begun: when this run ends, that is no failure. */
  readonly ending: { readonly run: RunId | undefined; readonly reason: Reason } | undefined;
  /** Unplanned ends, oldest first: what the crash loop counts. Bounded. */
  readonly failures: readonly Millis[];
  /** How many unplanned ends came one after another without a healthy time between: the exponent of the back-off. */
  readonly attempt: number;
  /** It was said that this agent is in a crash loop, and it was neither healthy nor started by a person since. */
  readonly looping: boolean;
  readonly lastExit: LastExit | undefined;
  /** The last exit was unplanned, and the restart policy has not answered it yet by a start. */
  readonly unanswered: boolean;
  readonly hold: Hold | undefined;
  /** A person wants this run replaced by a new one; done as soon as another run is started. */
  readonly replace: RunId | undefined;
  /** What a person wants ended is ended at once: without the stop sequence, and without grace. Until the next start. */
  readonly hurry: boolean;
  /** All unplanned restarts ever. */
  readonly restarts: number;
  /** When the last event about this agent happened, and why it happened. */
  readonly changed: Millis;
  readonly reason: Reason | undefined;
};

/** The settings in force for a session, kept because the file may no longer say them when the session must be stopped. */
export type Applied = {
  readonly fingerprint: string;
  readonly settings: Settings;
  readonly stop: StopSpec;
  readonly depends_on: readonly AgentName[];
};

export type LastExit = Exit & {
  readonly run: RunId | undefined;
  readonly generation: number;
  readonly at: Millis;
  readonly uptime: Millis | undefined;
  readonly oom: boolean;
  /** false: colony ended it on purpose. */
  readonly unplanned: boolean;
  readonly fingerprint: string | undefined;
  /** The last lines of the screen. */
  readonly tail: readonly string[];
};

/** An agent that is not started again until something outside changes. */
export type Hold = { readonly reason: Reason; readonly since: Millis; readonly fingerprint: string | undefined };

// ----------------------------------------------------------------------------------------------------- Reason

/** Why something was done or was not done: a closed set, each with one plain sentence in explain.ts. */
export type Reason =
  | { readonly code: 'not_running' }
  | { readonly code: 'exited'; readonly exit: Exit }
  | { readonly code: 'signaled'; readonly exit: Exit }
  | { readonly code: 'oom_killed' }
  | { readonly code: 'crash_loop'; readonly restarts: number; readonly window: Millis }
  /** As a crash loop, but it goes on; `last`: how it ended the last time. */
  | { readonly code: 'crash_looping'; readonly restarts: number; readonly window: Millis; readonly last: Exit }
  | { readonly code: 'circuit_open'; readonly circuit: Circuit }
  | { readonly code: 'config_changed'; readonly fields: readonly string[] }
  | { readonly code: 'removed_from_file' }
  | { readonly code: 'disabled' }
  | { readonly code: 'user_requested' }
  | {
      readonly code: 'dependency_not_ready';
      readonly agents: readonly AgentName[];
      /** One of `agents` that will not become what is waited for by itself; undefined: each of them still may. */
      readonly stuck: Stuck | undefined;
    }
  | { readonly code: 'command_not_found'; readonly program: string | undefined }
  | { readonly code: 'command_not_executable'; readonly program: string | undefined }
  | { readonly code: 'workdir_missing'; readonly path: string }
  | { readonly code: 'name_taken'; readonly session: string }
  | { readonly code: 'start_failed'; readonly why: string }
  | { readonly code: 'pane_closed' }
  | { readonly code: 'session_closed' }
  | { readonly code: 'duplicate' }
  | { readonly code: 'tmux_unreachable'; readonly why: string }
  | { readonly code: 'tmux_server_lost' }
  | { readonly code: 'rebooted' }
  | { readonly code: 'adopted' };

export type ReasonCode = Reason['code'];

/** A dependency at which the waiting ends, until somebody does something: what it is, and why. */
export type Stuck = {
  readonly agent: AgentName;
  readonly is: 'absent' | 'disabled' | 'stopped' | 'held' | 'completed' | 'waiting';
  readonly reason: Reason;
};

// ------------------------------------------------------------------------------------------------------- Plan

/** One step of a plan. At most one per agent and pass. */
export type Action =
  /** No session: make one and start the program in it. */
  | {
      readonly do: 'spawn';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly spec: AgentSpec;
      readonly generation: number;
    }
  /** The session is there and no process runs in it: start one in the same pane. */
  | {
      readonly do: 'respawn';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly spec: AgentSpec;
      readonly generation: number;
      readonly session: Session;
    }
  /** End the running process tree, so that a later pass starts it anew in the same pane. */
  | {
      readonly do: 'end';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly session: Session;
      readonly stop: StopSpec;
      /** What is to run afterwards: the next pass starts it. undefined: nothing. */
      readonly next: AgentSpec | undefined;
    }
  /** End the process tree if one runs, and close the session. */
  | {
      readonly do: 'remove';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly session: Session;
      readonly stop: StopSpec;
    }
  /** Take over settings that need no new process. */
  | {
      readonly do: 'update';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly spec: AgentSpec;
      readonly session: Session;
    }
  /** Stop trying until something outside changes. */
  | { readonly do: 'hold'; readonly agent: AgentName; readonly reason: Reason; readonly fingerprint: string };

export type ActionKind = Action['do'];

/** The whole answer of one pass: what to do now, and when to look again unasked. */
export type Plan = { readonly actions: readonly Action[]; readonly wakeAt: Millis | undefined };

/** A step that the performer has begun and not finished; the agent rests until it has. */
export type Operation = { readonly kind: 'stopping' | 'starting'; readonly since: Millis; readonly reason: Reason };

/** Everything a pass may know. */
export type ReconcileInput = {
  readonly desired: Desired;
  readonly observed: Observed;
  readonly ledger: Ledger;
  readonly operations: ReadonlyMap<AgentName, Operation>;
  readonly now: Millis;
};

// ------------------------------------------------------------------------------------------------------ Event

/** Something that happened. Feeds ledger, journal, log and status; the journal adds sequence number and time. */
export type Event =
  | ({ readonly type: 'started'; readonly agent: AgentName; readonly reason: Reason } & Life & {
        readonly pid: number | undefined;
        readonly applied: Applied;
      })
  | {
      readonly type: 'adopted';
      readonly agent: AgentName;
      readonly generation: number;
      readonly run: RunId | undefined;
      readonly started: Millis | undefined;
      readonly pid: number | undefined;
    }
  | {
      readonly type: 'updated';
      readonly agent: AgentName;
      readonly fields: readonly string[];
      readonly applied: Applied;
    }
  | { readonly type: 'stopping'; readonly agent: AgentName; readonly run: RunId | undefined; readonly reason: Reason }
  | {
      readonly type: 'exited';
      readonly agent: AgentName;
      readonly exit: Exit;
      /** When it ended; long before the entry's own time if no supervisor was there to see it. */
      readonly ended: Millis;
      readonly generation: number;
      readonly run: RunId | undefined;
      readonly uptime: Millis | undefined;
      readonly oom: boolean;
      /** It had run long enough that the back-off starts anew. */
      readonly healthy: boolean;
      readonly reason: Reason;
    }
  | {
      readonly type: 'last_lines';
      readonly agent: AgentName;
      readonly run: RunId;
      /** What the ended program had left at the bottom of its screen. */
      readonly tail: readonly string[];
    }
  | { readonly type: 'removed'; readonly agent: AgentName; readonly run: RunId | undefined; readonly reason: Reason }
  | {
      readonly type: 'held';
      readonly agent: AgentName;
      readonly reason: Reason;
      readonly fingerprint: string | undefined;
      /** Do not wait for the stop sequence and the grace time. */
      readonly now?: boolean;
    }
  | { readonly type: 'released'; readonly agent: AgentName; readonly reason: Reason }
  | { readonly type: 'restart_requested'; readonly agent: AgentName; readonly run: RunId; readonly now?: boolean }
  | { readonly type: 'failed'; readonly agent: AgentName; readonly action: ActionKind; readonly why: string }
  | { readonly type: 'killed_leftovers'; readonly agent: AgentName; readonly pids: readonly number[] }
  | {
      readonly type: 'crash_looping';
      readonly agent: AgentName;
      readonly restarts: number;
      readonly window: Millis;
    }
  | CircuitEvent
  | { readonly type: 'server_started'; readonly server: ServerIdentity }
  | { readonly type: 'server_lost'; readonly agents: number }
  | { readonly type: 'unreachable'; readonly why: string }
  | { readonly type: 'reachable' }
  | { readonly type: 'config_loaded'; readonly generation: number; readonly path: string; readonly agents: number }
  | { readonly type: 'config_rejected'; readonly path: string; readonly problems: number; readonly first: string }
  | { readonly type: 'supervisor_started'; readonly pid: number; readonly version: string }
  | { readonly type: 'supervisor_stopped'; readonly reason: string }
  | { readonly type: 'down' }
  | BookKeeping;

/** What happened to the records themselves. */
type BookKeeping =
  /** Entries from this one on are kept in memory. */
  | { readonly type: 'journal_unwritable'; readonly why: string }
  /** What was kept is written; `lost`: so many of the oldest had to be forgotten, and a gap stands in their place. */
  | { readonly type: 'journal_writable'; readonly kept: number; readonly lost: number }
  | {
      readonly type: 'journal_damaged';
      /** Lines that could not be read, or whose number cannot be right. */
      readonly unreadable: number;
      /** Sequence numbers of which nothing is known any more; the first few ranges. */
      readonly missing: readonly SeqRange[];
      /** Why the ledger could not be taken from its file, as far as it could not. */
      readonly ledger: string | undefined;
      /** Where the damaged journal was put; undefined: it could be read, or there was no space for it. */
      readonly aside: string | undefined;
    }
  | { readonly type: 'not_saved'; readonly file: string; readonly why: string }
  | { readonly type: 'saved'; readonly file: string };

/** Both ends belong to it. */
export type SeqRange = { readonly from: number; readonly to: number };

/** `agents` of the first: who keeps failing; of the last: how many are started again, one after another. */
export type CircuitEvent =
  | { readonly type: 'circuit_opened'; readonly agents: readonly AgentName[] }
  | { readonly type: 'circuit_trial'; readonly agent: AgentName; readonly run: RunId | undefined }
  | { readonly type: 'circuit_closed'; readonly agents: number };

type Life = { readonly generation: number; readonly run: RunId; readonly started: Millis };

/** An event as it stands in the journal. */
export type Entry = { readonly seq: number; readonly at: Millis } & Event;

// ----------------------------------------------------------------------------------------------------- Status

/** What one agent can be; derived in every pass and never stored. */
export type Phase =
  | 'disabled'
  | 'pending'
  | 'starting'
  | 'ready'
  | 'degraded'
  | 'stopping'
  | 'stopped'
  | 'completed'
  | 'backoff'
  | 'held'
  | 'unknown';
