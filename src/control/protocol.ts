/**
 * The protocol between the supervisor and everything else: HTTP with JSON over a unix socket.
 *
 *   GET  /v1/version                           -> Version
 *   GET  /v1/status                            -> StatusReport
 *   POST /v1/plan    PlanRequest               -> PlanReport
 *   POST /v1/apply   ApplyRequest              -> Message, one JSON value a line
 *   POST /v1/down    DownRequest               -> Message, one JSON value a line
 *   POST /v1/start, /v1/stop, /v1/restart  AgentsRequest -> Message, one JSON value a line
 *   POST /v1/wait    WaitRequest               -> Message, one JSON value a line; the last one is `waited`
 *   POST /v1/send    SendRequest               -> Message, one JSON value a line; the last one is `sent`
 *   POST /v1/adopt   AdoptRequest              -> AdoptReport
 *   GET  /v1/why?agent=A                       -> WhyReport
 *   GET  /v1/events?since=SEQ&after=MS&follow=1&agent=A&label=K=V&type=T -> EventLine, one JSON value a line
 *   GET  /v1/history?agent=A&label=K=V&count=N -> HistoryReport
 *   GET  /v1/logs?agent=A&lines=N&previous=1   -> LogsReport
 *   GET  /v1/attach?agent=A&read_only=1&tmux=T -> AttachReport
 *
 * Each takes `path`, the colony.yaml it is meant for, and is refused if that is another folder's. Requests and answers
 * carry the release and the protocol of their sender in two headers; a request without them is taken as it is.
 * An answer other than 2xx carries a Problem. Handlers check, record what is wanted, and answer; only the loop acts.
 */
import type { Entry, Phase, ReasonCode, Role } from '../reconciler/types.ts';

/** Raised when a request or an answer changes in a way that an older partner would misread. */
export const PROTOCOL = 1;

/** Headers of requests and of answers: the release of the sender, and the protocol it speaks. */
export const VERSION_HEADER = 'colony-version';
export const PROTOCOL_HEADER = 'colony-protocol';

export type Version = { readonly protocol: number; readonly version: string; readonly pid: number };

/** The exit codes of the command line; scripts rely on them, so a number is never used for something else. */
export const EXIT = {
  done: 0,
  failed: 1,
  changesPending: 2,
  unwell: 3,
  noSuchAgent: 4,
  timedOut: 5,
  usage: 64,
  invalidConfig: 65,
  unavailable: 69,
  heldElsewhere: 75,
} as const;

/** Why a request was not granted. `text` is for people and may hold several lines. */
export type Problem = {
  readonly code:
    | 'invalid_config'
    | 'unconfirmed'
    | 'other_folder'
    | 'needs_down'
    | 'no_such_agent'
    | 'not_running'
    | 'tmux_unavailable'
    | 'held_elsewhere'
    | 'unwritable'
    | 'bad_request'
    | 'stopping'
    /** An apply by a newer release: the supervisor makes room for one of that release when it is asked to. */
    | 'older_supervisor'
    | 'other_supervisor'
    | 'other_protocol'
    /** Nothing will ever tell what was asked about. */
    | 'unknowable'
    /** A session that cannot become an agent. */
    | 'not_adoptable'
    | 'internal';
  readonly exit: number;
  readonly text: string;
  /** With `unconfirmed`: what would be done. */
  readonly plan?: PlanReport;
  /** With `older_supervisor`: who has to make room. */
  readonly supervisor?: { readonly pid: number; readonly version: string };
};

/** Which configuration a request is about, and the shell it was asked from. */
export type Target = {
  /** Absolute path of colony.yaml. */
  readonly path: string;
  readonly profiles: readonly string[];
  /** The asking shell's environment: the captured one if this is the first, else compared with it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names or globs; empty for all. */
  readonly targets: readonly string[];
  /** Whether texts for people may hold colour codes. */
  readonly colour: boolean;
};

export type PlanRequest = Target;

export type ApplyRequest = Target & {
  /** The captured environment is replaced by the asking shell's. */
  readonly refresh_env: boolean;
  /** Removing more than half of the running agents was confirmed, or starting what runs already in a person's session. */
  readonly confirmed: boolean;
  /** Such sessions become the agents that are called like them. */
  readonly adopt?: boolean;
  /** Follow until everything asked for is ready or has failed, at most this long; 0 answers as soon as the plan stands. */
  readonly wait_ms: number;
};

export type DownRequest = {
  /** Leave the agents running and end the supervisor alone. */
  readonly supervisor_only: boolean;
  /** Only this very supervisor is meant: one that has taken its place stays. */
  readonly pid?: number;
  /** Kill what has to end, also where it is being asked to end already; no hook is asked. */
  readonly now?: boolean;
};

/** Start, stop or restart agents by hand. */
export type AgentsRequest = {
  /** Names or globs; at least one agent must match each. */
  readonly targets: readonly string[];
  /** `key=value` each; an agent must have all of them. */
  readonly labels: readonly string[];
  /** Follow until the agents are as asked, at most this long; 0 answers at once. */
  readonly wait_ms: number;
  /** Kill what has to end, also where it is being asked to end already. */
  readonly now?: boolean;
  /** The next life begins a new conversation; of a stop it means nothing. */
  readonly fresh?: boolean;
};

/** Make a session that a person has begun an agent. */
export type AdoptRequest = {
  /** Its name, or its id. */
  readonly session: string;
  /** The agent that it becomes; null: the one that is named like the session. */
  readonly as: string | null;
};

/** `needs_stanza`: the file does not have the agent yet, and `stanza` is what belongs below its `agents:`. */
export type AdoptReport = {
  readonly version: 1;
  readonly outcome: 'adopted' | 'needs_stanza';
  readonly agent: string;
  readonly session: string;
  /** How many panes the session has; one of them is the agent's. */
  readonly panes: number;
  readonly stanza: string | null;
  readonly pid: number | null;
};

/** What agents can be waited for to be. */
export const AWAITED = ['ready', 'stopped', 'idle', 'completed'] as const;
export type Awaited = (typeof AWAITED)[number];

/** Wait until agents are so. Neither names nor labels: all that are meant to run. */
export type WaitRequest = Pick<AgentsRequest, 'targets' | 'labels'> & {
  readonly for: Awaited;
  /** Give up after this long; 0 looks once. */
  readonly wait_ms: number;
};

/** Type something into one agent. */
export type SendRequest = {
  readonly agent: string;
  readonly what:
    | { readonly text: string; readonly submit: boolean; readonly literal: boolean }
    | { readonly keys: readonly string[] };
  /** `now`: refused if the program cannot take it; `idle`: it waits for its turn. */
  readonly when: 'now' | 'idle';
  /** Whatever is known of the program. */
  readonly force: boolean;
  /** Give up after this long; nothing is typed later than that. */
  readonly wait_ms: number;
};

/**
 * What has become of it.
 *
 * - `delivered`: the program has taken it.
 * - `typed`: it stands in the terminal, and nothing more was asked for, or nobody can tell.
 * - `refused`: nothing was typed. - `failed`: it was typed, and the program has not taken it.
 * - `timed_out`: nothing was typed in the time that was given.
 */
export type SendOutcome = 'delivered' | 'typed' | 'refused' | 'failed' | 'timed_out';

// ------------------------------------------------------------------------------------------------------- plan

export type Sign = '+' | '-' | '-/+' | '~';

export type FieldChange = {
  readonly field: string;
  /** Absent: the field was not set before. `(secret)` stands for a value that is not shown. */
  readonly from?: string;
  readonly to?: string;
};

/** One line of a plan. */
export type PlanRow = {
  readonly sign: Sign;
  readonly agent: string;
  readonly reason: ReasonCode;
  /** The reason as a sentence. */
  readonly text: string;
  readonly changes: readonly FieldChange[];
  /** What it waits for; absent: it is done at once. */
  readonly waits?: WaitsStatus['for'];
  /** What becomes of the conversation an agent is in; absent where there is none. */
  readonly conversation?: 'kept' | 'new';
};

export type PlanReport = {
  readonly version: 1;
  readonly colony: string;
  readonly rows: readonly PlanRow[];
  readonly summary: {
    readonly add: number;
    readonly replace: number;
    readonly change: number;
    readonly remove: number;
  };
  /** Agents for which something is wanted that cannot be done now, and why. */
  readonly blocked: readonly { readonly agent: string; readonly reason: ReasonCode; readonly text: string }[];
  /** Variables whose value in the asking shell differs from the captured one (names only). */
  readonly drifted_variables: readonly string[];
};

// ------------------------------------------------------------------------------------------------------ stream

/** A line of an answer that takes its time. */
export type Message =
  | { readonly type: 'plan'; readonly plan: PlanReport }
  | {
      readonly type: 'event';
      readonly seq: number;
      readonly at: number;
      readonly agent?: string;
      readonly text: string;
    }
  /** Something of it could not be saved yet, or the like. */
  | { readonly type: 'warning'; readonly text: string }
  | {
      readonly type: 'settled';
      readonly outcome: 'done' | 'unwell' | 'timed_out';
      readonly status: StatusReport;
    }
  | {
      readonly type: 'waited';
      /** `impossible`: at least one cannot become so by itself any more. */
      readonly outcome: 'reached' | 'impossible' | 'timed_out';
      /** What is the matter with those that are not so. */
      readonly why: readonly { readonly agent: string; readonly text: string }[];
      /** With the agents that were waited for, and no others. */
      readonly status: StatusReport;
    }
  /** It waits for its turn: why, as a sentence. */
  | { readonly type: 'queued'; readonly text: string }
  | { readonly type: 'sent'; readonly outcome: SendOutcome; readonly text: string }
  | { readonly type: 'problem'; readonly problem: Problem };

// ------------------------------------------------------------------------------------------------------ status

/** The contract of `colony status -o json`; `version` is raised when a field changes its meaning or goes. */
export type StatusReport = {
  readonly version: 1;
  readonly colony: string;
  readonly config: {
    readonly path: string;
    readonly valid: boolean;
    /** Counts the configurations that were accepted. */
    readonly generation: number;
    readonly error?: string;
  };
  readonly supervisor: { readonly pid: number; readonly version: string; readonly since: string } | null;
  readonly tmux: { readonly command: string; readonly reachable: boolean; readonly error?: string };
  /** Who starts the colony after a reboot (`colony enable`); null: nobody. */
  readonly login: LoginStatus | null;
  /** What a person should know about the colony's own records, one sentence each; none while all is well. */
  readonly warnings: readonly string[];
  readonly summary: { readonly ready: number; readonly total: number };
  readonly agents: readonly AgentStatus[];
};

export type LoginStatus = {
  readonly manager: 'systemd' | 'launchd' | 'cron';
  /** It comes at boot and stays after the last logout; null where there is no such thing. */
  readonly lingering: boolean | null;
  /** The supervisor that runs was started by it. */
  readonly in_charge: boolean;
};

export type AgentStatus = {
  readonly name: string;
  readonly kind: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly workdir: string | null;
  readonly phase: Phase;
  readonly reason: { readonly code: ReasonCode; readonly text: string } | null;
  /** ISO 8601. */
  readonly since: string | null;
  readonly ready: boolean;
  readonly pid: number | null;
  readonly generation: number;
  readonly started: string | null;
  readonly restarts: { readonly window: number; readonly total: number };
  readonly activity: {
    readonly state: 'busy' | 'idle' | 'waiting' | 'limited' | 'unknown';
    readonly for?: 'permission' | 'question' | 'trust' | 'login';
    readonly until?: string;
    readonly source: string | null;
    readonly age_ms: number | null;
  };
  /** Of the program and everything it has started, as are the next two; null: not measured, or nothing runs. */
  readonly memory_bytes: number | null;
  /** 100 is one whole core. Since the last time that somebody looked; if that is long ago, since the program's start. */
  readonly cpu_percent: number | null;
  readonly processes: number | null;
  /** How full the context of the conversation is; 100 is full. */
  readonly context_percent: number | null;
  /** The id under which the program keeps the conversation that the agent is in, or was in last. */
  readonly conversation: string | null;
  /** What the program tells of its conversation; null: nothing yet. */
  readonly telemetry: TelemetryStatus | null;
  readonly session: { readonly id: string; readonly name: string; readonly attached: boolean } | null;
  readonly next_action_at: string | null;
  readonly last_exit: {
    readonly code: number | null;
    readonly signal: number | null;
    readonly oom: boolean;
    readonly at: string;
    readonly uptime_ms: number | null;
    readonly tail: readonly string[];
  } | null;
  /** What the probes of each role have come to; null: nothing yet, or there are none. */
  readonly health: { readonly [R in Role]: HealthStatus | null };
  /** What each probe found the last time, thresholds aside; empty where no supervisor runs. */
  readonly probes: readonly FindingStatus[];
  /** What ought to happen to it and waits for a better moment. */
  readonly waits: WaitsStatus | null;
  /** What a person ought to know about it and that nothing is done about. */
  readonly alerts: readonly AlertStatus[];
  /** What the program last said of itself by `colony notify status`. */
  readonly said: string | null;
  /** Settings that differ between the file and what runs. */
  readonly drift: readonly string[];
};

export type TelemetryStatus = {
  readonly age_ms: number;
  readonly model: string | null;
  readonly cost_usd: number | null;
  readonly limits: readonly {
    readonly name: string;
    readonly used_percent: number;
    readonly resets: string | null;
  }[];
};

export type HealthStatus = {
  readonly is: 'healthy' | 'unhealthy';
  readonly since: string;
  /** The kind of the probe that decided it. */
  readonly probe: string;
  readonly text: string;
};

export type FindingStatus = {
  readonly role: Role;
  /** The kind of the probe. */
  readonly probe: string;
  /** `unknown`: the check itself failed, and counts for nothing. */
  readonly is: 'healthy' | 'unhealthy' | 'unknown';
  readonly text: string;
  readonly at: string;
};

export type WaitsStatus = {
  readonly to: 'restart' | 'stop' | 'hold' | 'nudge' | 'send' | 'type';
  readonly reason: ReasonCode;
  readonly text: string;
  /**
   * `person`: until nobody has typed there for half a minute; `command`: until a person asks for it; `dialog`: until the
   * program waits for nobody any more; `limit`: until its usage limit is reset.
   */
  readonly for: 'idle' | 'person' | 'command' | 'dialog' | 'limit';
  /** Then it happens anyway; null: it waits for ever, or has just begun to. */
  readonly until: string | null;
};

export type AlertStatus = {
  readonly policy: string;
  readonly level: 'notify' | 'warn';
  readonly since: string;
  readonly text: string;
};

// -------------------------------------------------------------------------------------------------------- why

/** What is known of one agent, from where, and what follows from it. */
export type WhyReport = {
  readonly version: 1;
  readonly colony: string;
  /** Without a supervisor nothing is measured, and `evidence` is empty. */
  readonly agent: AgentStatus;
  /** What each source says of what the program is doing, the most trustworthy first. */
  readonly evidence: readonly {
    readonly source: string;
    readonly state: AgentStatus['activity']['state'];
    readonly for?: string;
    readonly until?: string;
    readonly age_ms: number;
    readonly text: string;
    /** The activity follows from this one. */
    readonly counts: boolean;
  }[];
  readonly conversation: {
    readonly id: string;
    readonly since: string;
    readonly how: 'assigned' | 'discovered';
  } | null;
  /** Those it was in before, the latest first. */
  readonly earlier_conversations: readonly string[];
  /** What is wanted, by whom, and what keeps it from being done now. */
  readonly decisions: readonly { readonly what: string; readonly text: string; readonly outcome: string }[];
  /** What would become of the conversation if the program ended now, as a sentence. */
  readonly after_restart: string;
  /** The latest entries of the journal about it, oldest first. */
  readonly events: readonly { readonly seq: number; readonly at: string; readonly text: string }[];
};

// ----------------------------------------------------------------------------------------------------- events

/**
 * A line of the answer to `events`: entries as they stand in the journal, oldest first, each once.
 *
 * Whoever asks again with `since`, the last `seq` that was read, misses nothing and sees nothing twice. `agent` (names
 * or globs), `label` and `type` may be repeated; `after` is an instant in milliseconds. No entry holds the value of a
 * variable.
 */
export type EventLine =
  | Entry
  /** These entries are lost, or older than what is kept. */
  | { readonly type: 'gap'; readonly from: number; readonly to: number }
  /** There is no entry as new as the one asked for: the records were lost, and the numbers started anew. */
  | { readonly type: 'reset'; readonly last: number }
  /** The last line for a reader that did not keep up. */
  | { readonly type: 'dropped'; readonly why: string };

// ---------------------------------------------------------------------------------------------------- history

/** Lives of agents, the latest first. `agent` (names or globs) and `label` may be repeated. */
export type HistoryReport = {
  readonly version: 1;
  readonly colony: string;
  readonly runs: readonly RunReport[];
};

export type RunReport = {
  readonly agent: string;
  readonly generation: number;
  readonly run: string;
  readonly pid: number | null;
  /** null: not known, or it holds values of variables. */
  readonly command: string | null;
  /** null: the folder of the file, not known, or it holds values of variables. */
  readonly workdir: string | null;
  /** `killed`: by colony, or by a signal that somebody sent. `stale`: its supervisor is gone, and nobody knows. */
  readonly state: 'running' | 'completed' | 'failed' | 'killed' | 'stale';
  /** ISO 8601. */
  readonly started: string | null;
  readonly ended: string | null;
  readonly uptime_ms: number | null;
  readonly code: number | null;
  readonly signal: number | null;
  readonly oom: boolean;
  readonly reason: { readonly code: string; readonly text: string } | null;
  readonly tail: readonly string[];
  /** The conversation it was in, and what it has told of that last; null: nothing is known, or there is none. */
  readonly conversation: string | null;
  readonly model: string | null;
  readonly context_percent: number | null;
  readonly cost_usd: number | null;
  /** When somebody last saw it run. */
  readonly refreshed: string | null;
};

// ------------------------------------------------------------------------------------------- logs and attaching

export type LogsReport = { readonly agent: string; readonly lines: readonly string[]; readonly live: boolean };

/** How to show an agent's session in the asking terminal. */
export type AttachReport = {
  readonly argv: readonly string[];
  /** Environment variables that must not reach the command. */
  readonly drop_env: readonly string[];
  readonly how: 'attach' | 'switch' | 'nested';
};
