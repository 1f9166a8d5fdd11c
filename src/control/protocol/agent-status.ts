import type { Phase, ReasonCode, Role } from '../../reconciler/types.ts';

/** One agent in a StatusReport. */
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
  /** How long the program has run; what the machine has slept does not count. null: nothing runs, or nobody knows. */
  readonly uptime_ms: number | null;
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
