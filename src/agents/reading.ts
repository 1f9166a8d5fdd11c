import type { ConversationId, Evidence, Millis, Offset, Saying, UsageLimit } from '../reconciler/types.ts';
import type { Line } from './claude/statusline.ts';
import type { At, Hooks } from './hook.ts';

/** Evidence that may know since when it is so. */
export type Sign = Evidence & { readonly since?: Millis };

/**
 * What Claude Code writes about itself into `sessions/PID.json` below its folder, at each change. It is no documented
 * format: what is missing there is missing here.
 */
export type Record = {
  readonly pid: number;
  /** The start time of the process, as the system tells it. */
  readonly start: string | undefined;
  readonly session: ConversationId | undefined;
  readonly status: string;
  readonly waitingFor: string | undefined;
  /** Since when the status is this one. */
  readonly since: Millis | undefined;
};

/** The record of a process that was found to be there, and when that was. */
export type RecordSaid = Record & { readonly at: Millis };

/** What the lines of a conversation on disk have come to; Codex writes each line as soon as it is so. */
export type Transcript = {
  readonly session: ConversationId | undefined;
  /** What the last line about a turn says of it, and when. */
  readonly turn: 'runs' | 'ended' | 'interrupted' | 'failed' | undefined;
  readonly turnAt: Millis;
  /** Why the last turn has failed; `said`: when, on the clock of the machine. */
  readonly failure:
    | { readonly is: 'limit' | 'login' | 'other'; readonly text: string; readonly said: Millis }
    | undefined;
  /** It asks the person something; an approval that it waits for is not written down. */
  readonly asks: boolean;
  readonly answer: { readonly text: string; readonly at: Millis } | undefined;
  readonly prompted: Millis | undefined;
  readonly model: string | undefined;
  readonly context: { readonly used: number; readonly at: Millis } | undefined;
  readonly limits: readonly UsageLimit[];
  /** When anything of this was said last. */
  readonly at: Millis;
};

/** What two looks at a screen, apart from each other, have agreed on. */
export type ScreenSaid = {
  readonly rule: string;
  readonly says: Saying;
  /** When a limit is reset, as it stands there. */
  readonly until: string | undefined;
  /** The first look that found it, and the last. */
  readonly since: Millis;
  readonly at: Millis;
};

/**
 * All that was read of one run, as each source has said it last. Times are those of the colony's clock, but for the resets
 * of limits: they lie ahead, so that nobody knows yet how far the clocks will be apart by then.
 */
export type Readings = {
  readonly now: Millis;
  /** How the colony's clock stands to the machine's, which programs go by. */
  readonly offsets: readonly Offset[];
  /** When the program was started. */
  readonly started: Millis | undefined;
  /** Tells the time zone of the program, for times of day that name none. */
  readonly zone: () => string;
  /** The file that the program keeps about itself, of this very process. */
  readonly record: RecordSaid | undefined;
  /** The title of its terminal, if this program has set it, and when it was looked at. */
  readonly title: At<{ readonly text: string }> | undefined;
  readonly hooks: Hooks;
  readonly line: At<Line> | undefined;
  /** The last line that told how full the context was. */
  readonly full: At<Line> | undefined;
  readonly transcript: Transcript | undefined;
  /** The conversation that a log of the program names for this very process. */
  readonly logged: ConversationId | undefined;
  readonly screen: ScreenSaid | undefined;
};

/** Nothing was read yet. */
export function nothingRead(now: Millis, zone: Readings['zone'] = () => 'UTC'): Readings {
  return {
    ...{
      now,
      offsets: [],
      zone,
      started: undefined,
      record: undefined,
      title: undefined,
      hooks: {},
      line: undefined,
      full: undefined,
    },
    ...{ transcript: undefined, logged: undefined, screen: undefined },
  };
}
