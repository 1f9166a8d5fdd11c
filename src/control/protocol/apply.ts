import type { Target } from './target.ts';

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
