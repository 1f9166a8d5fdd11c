import type { Bytes, Millis } from '../../spec/define.ts';
import type { RunId } from './words.ts';

/** What one look at the process tree of an agent has shown: its main process, all below it, and those that escaped. */
export type Sample = {
  readonly at: Millis;
  /** Resident memory of all processes together; shared pages count once for each. */
  readonly rss: Bytes;
  /** Proportional memory; undefined where nobody asked for it or the system does not tell. */
  readonly pss: Bytes | undefined;
  /** Since the look before, or, if that is long ago, since the start of the program; 1 is one whole core. */
  readonly cpu: number | undefined;
  readonly processes: number;
  /** Processes that were started later than the program's own start-up: tools at work, and not its standing helpers. */
  readonly tools: number;
};

/** What the program is doing, who says so, and when that was last seen or said. */
export type Activity = {
  readonly state: 'busy' | 'idle' | 'waiting' | 'limited' | 'unknown';
  readonly for?: 'permission' | 'question' | 'trust' | 'login';
  readonly until?: Millis;
  /** `report`: the program itself, by `colony notify`; `output`: guessed from its output and its use of the CPU. */
  readonly source: 'report' | 'output' | undefined;
  readonly at: Millis | undefined;
  /** Since when the state is this one. */
  readonly since: Millis | undefined;
};

/** How one run does, beside what its probes say. Measured by this supervisor: a new one begins with nothing. */
export type Vitals = {
  readonly run: RunId;
  /** Oldest first, as far back as any policy of the agent looks. */
  readonly samples: readonly Sample[];
  readonly activity: Activity;
  /** The last output of the pane, to the second; undefined: none was seen. */
  readonly output: Millis | undefined;
  /** What the program last said of itself by `colony notify status`. */
  readonly said: { readonly text: string; readonly at: Millis } | undefined;
};

/** What is known of the machine as a whole. */
export type Machine = {
  /** What can still be given to programs without swapping; undefined where the system does not tell. */
  readonly memoryAvailable: Bytes | undefined;
};

/** What the program of one run has said of itself by `colony notify`; each with the time at which it was said. */
export type Reported = {
  /** It has come up: its startup probes have nothing to wait for any more. */
  readonly ready: Millis | undefined;
  /** The last sign of life; `ready` is one too. */
  readonly heartbeat: Millis | undefined;
  readonly state: { readonly state: 'busy' | 'idle' | 'waiting'; readonly at: Millis } | undefined;
  readonly status: { readonly text: string; readonly at: Millis } | undefined;
  /** It asked not to be found unwell, and not to be killed while it stops, before this instant. */
  readonly extendedUntil: Millis | undefined;
};
