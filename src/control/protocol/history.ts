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
  /** What the machine has slept meanwhile does not count. */
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
