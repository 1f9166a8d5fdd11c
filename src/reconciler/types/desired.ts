import type { CircuitBreakerSpec, ConcurrencySpec } from '../../spec/colony.ts';
import type {
  CompletionSpec,
  ContextSpec,
  IdleSpec,
  LimitSpec,
  ResumeSpec,
  WaitingSpec,
} from '../../spec/conversation.ts';
import type { CpuSpec } from '../../spec/cpu.ts';
import type { Millis } from '../../spec/define.ts';
import type { DependsOnSpec } from '../../spec/depends.ts';
import type { HooksSpec } from '../../spec/hooks.ts';
import type { Kind } from '../../spec/kinds.ts';
import type { MemorySpec } from '../../spec/memory.ts';
import type { ProbeSpec } from '../../spec/probes.ts';
import type { RestartSpec } from '../../spec/restart.ts';
import type { MaxAgeSpec, OnRebootSpec, ScheduleSpec } from '../../spec/schedule.ts';
import type { StopSpec } from '../../spec/stop.ts';
import type { UpdateSpec } from '../../spec/update.ts';
import type { Role } from './health.ts';
import type { AgentName } from './words.ts';

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
  /**
   * From env files and `env`; laid over the captured environment when the process starts, out of which `null` takes a
   * variable. Values are secrets.
   */
  readonly env: Readonly<Record<string, string | null>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** 1-based place among the replicas; 1 where there is only one. */
  readonly replica: number;
  readonly depends_on: DependsOnSpec;
  readonly restart: RestartSpec;
  readonly stop: StopSpec;
  readonly update: UpdateSpec;
  readonly probes: Readonly<Record<Role, readonly ProbeSpec[]>>;
  readonly hooks: HooksSpec;
  readonly memory: MemorySpec | undefined;
  readonly cpu: CpuSpec | undefined;
  readonly max_age: MaxAgeSpec | undefined;
  /** The first task of a new conversation. */
  readonly prompt: string | undefined;
  readonly resume: ResumeSpec;
  readonly context: ContextSpec | undefined;
  readonly idle: IdleSpec | undefined;
  readonly limit: LimitSpec | undefined;
  /** Of a program that colony knows, there is always one. */
  readonly waiting: WaitingSpec | undefined;
  readonly completion: CompletionSpec | undefined;
  readonly schedule: ScheduleSpec;
  readonly on_reboot: OnRebootSpec;
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
  readonly concurrency: ConcurrencySpec;
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
