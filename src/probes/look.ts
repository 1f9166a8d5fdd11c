import type { Ended } from '../command/run.ts';
import type { Command } from '../reconciler/types/desired.ts';
import type { Finding, Role } from '../reconciler/types/health.ts';
import type { Reported, Vitals } from '../reconciler/types/vitals.ts';
import type { AgentName, PaneId, Result, RunId } from '../reconciler/types/words.ts';
import type { Bytes, Millis } from '../spec/define.ts';

/** One check that is being made: of which life, for what, and what it may ask. */
export type Look = {
  readonly agent: AgentName;
  readonly run: RunId;
  readonly generation: number;
  readonly pane: PaneId;
  readonly role: Role;
  /** The 0-based place of the probe among those of its role. */
  readonly index: number;
  /** When this life began. */
  readonly started: Millis;
  /** When this supervisor began to watch it: what happened before was told to nobody here. */
  readonly watched: Millis;
  readonly now: Millis;
  /** A check that takes longer has failed. */
  readonly timeout: Millis;
  /** Nobody wants to know any more: whatever was begun ends at once. */
  readonly cancel: AbortSignal;
  readonly ask: Ask;
};

/** What the world tells a check. A failure is that of the check, and says nothing of the program. */
export type Ask = {
  /** What the pane shows. */
  screen(pane: PaneId): Promise<Result<readonly string[], string>>;
  /**
   * Since when the screen of a program that colony knows says the same, signs that spin and clocks aside; undefined: it
   * is any program, and what it prints is what it does.
   */
  unchangedSince(look: Look): Promise<Result<Millis | undefined, string>>;
  /** Run a command as the agent itself would, in its workdir. */
  command(command: Command, look: Look): Promise<Ended>;
  /** What the output has shown since this probe asked last. */
  output(look: Look): Promise<Result<Heard, string>>;
  /** Whether a pattern of this probe matches a text; `^` and `$` stand for the ends of a line. */
  matches(pattern: string, text: string, look: Look): Promise<Result<boolean, string>>;
  /** undefined: not measured yet. */
  vitals(agent: AgentName): Vitals | undefined;
  /** undefined: it has not reported anything. */
  reported(run: RunId): Reported | undefined;
};

/** What the lines of output have shown one probe. */
export type Heard = {
  /** The first line of this life that matched; undefined: none yet. */
  readonly matched: string | undefined;
  /** The last of the new lines that matched, and how many there were. */
  readonly fresh: { readonly line: string; readonly count: number } | undefined;
  /** So much output since the last time came faster than it can be read. */
  readonly skipped: Bytes;
};

/** Makes one check: collects what there is to know and judges it. */
export type Check<Options> = (options: Options, look: Look) => Finding | Promise<Finding>;

export const healthy = (text: string): Finding => ({ is: 'healthy', text });
export const unhealthy = (text: string): Finding => ({ is: 'unhealthy', text });
/** The check itself failed. */
export const unknown = (text: string): Finding => ({ is: 'unknown', text });
