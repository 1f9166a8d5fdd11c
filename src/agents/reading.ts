import type { Evidence, Millis, Saying } from '../reconciler/types.ts';
import type { RecordSaid } from './claude/record.ts';
import type { Line } from './claude/statusline.ts';
import type { Transcript } from './codex/transcript.ts';
import type { At, Hooks } from './hook.ts';

/** Evidence that may know since when it is so. */
export type Sign = Evidence & { readonly since?: Millis };

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

/** All that was read of one run, as each source has said it last. Times are those of the colony's clock. */
export type Readings = {
  readonly now: Millis;
  /** When the program was started. */
  readonly started: Millis | undefined;
  /** Time zone of the program, for times of day that name none. */
  readonly zone: string;
  /** The file that the program keeps about itself, of this very process. */
  readonly record: RecordSaid | undefined;
  /** The title of its terminal, if this program has set it, and when it was looked at. */
  readonly title: At<{ readonly text: string }> | undefined;
  readonly hooks: Hooks;
  readonly line: At<Line> | undefined;
  /** The last line that told how full the context was. */
  readonly full: At<Line> | undefined;
  readonly transcript: Transcript | undefined;
  readonly screen: ScreenSaid | undefined;
};

/** Nothing was read yet. */
export function nothingRead(now: Millis, zone = 'UTC'): Readings {
  return {
    ...{
      now,
      zone,
      started: undefined,
      record: undefined,
      title: undefined,
      hooks: {},
      line: undefined,
      full: undefined,
    },
    ...{ transcript: undefined, screen: undefined },
  };
}
