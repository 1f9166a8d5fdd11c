import type { Bytes, Millis } from '../../spec/define.ts';
import type { ConversationId, RunId } from './words.ts';

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

export type ActivityState = 'busy' | 'idle' | 'waiting' | 'limited' | 'unknown';

/**
 * Who says what a program is doing, the most trustworthy first.
 *
 * - `report`: the program itself, by `colony notify`.
 * - `record`: the file that the program keeps about itself.
 * - `title`: the title of its terminal, where it is the program's word for its state.
 * - `hook`: what it called colony with.
 * - `transcript`: the end of the conversation on disk.
 * - `screen`: what stands on its screen.
 * - `journal`: what was written down of the life before, and holds for this one as well.
 * - `output`: guessed from its output and its use of the CPU.
 */
export type Source = 'report' | 'record' | 'title' | 'hook' | 'transcript' | 'screen' | 'journal' | 'output';

/** What a program is said to be doing. */
export type Saying = {
  readonly state: ActivityState;
  readonly for?: 'permission' | 'question' | 'trust' | 'login';
  /** When a usage limit is reset, as far as that is known. */
  readonly until?: Millis;
};

/** What the program is doing, who says so, and when that was last seen or said. */
export type Activity = Saying & {
  readonly source: Source | undefined;
  readonly at: Millis | undefined;
  /** Since when the state is this one. */
  readonly since: Millis | undefined;
};

/** What one source says of what a program is doing. */
export type Evidence = Saying & {
  readonly source: Source;
  /** When that was said, or, of what can be looked at any time, when it was looked at last. */
  readonly at: Millis;
  /** What was read, in one line. */
  readonly text: string;
};

/** How much of a usage limit is used; `used` is 1 when nothing is left. */
export type UsageLimit = { readonly name: string; readonly used: number; readonly resets: Millis | undefined };

/** What a program tells of its conversation, each value as it was said last. */
export type Telemetry = {
  /** When something of it was said last. */
  readonly at: Millis;
  readonly model: string | undefined;
  /** How full the context is; 1 is full. */
  readonly context: number | undefined;
  /** When `context` was said: a conversation that was just emptied says nothing of it. */
  readonly contextAt: Millis | undefined;
  /** Of the conversation, in US dollars. */
  readonly cost: number | undefined;
  readonly limits: readonly UsageLimit[];
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
  readonly told: Told;
};

/** What colony knows of a run because it knows the program. */
export type Told = {
  /** What each source says, those that say something; empty for programs that nothing is known of. */
  readonly evidence: readonly Evidence[];
  readonly telemetry: Telemetry | undefined;
  /** The conversation that the program says it is in. */
  readonly conversation: ConversationId | undefined;
  /** What it has answered last, with the end of its last turn; bounded. */
  readonly answer: { readonly text: string; readonly at: Millis } | undefined;
  /** A line of this life that is what `completion` names, printed or answered. */
  readonly marker: string | undefined;
  /** When the last prompt reached the program, whoever has given it. */
  readonly prompted: Millis | undefined;
  /** Whose usage limits it shares with others: one word for each account. */
  readonly account: string | undefined;
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
