import type { Millis } from '../../spec/define.ts';

/** What a probe is for: whether the program has come up, whether it can be used, whether it still works. */
export type Role = 'startup' | 'readiness' | 'liveness';

/** What a failed liveness probe leads to. */
export type OnFailure = 'restart' | 'nudge' | 'notify' | 'none';

/** What one probe found out, in a word and a sentence: `unknown` if the check itself failed. */
export type Finding = { readonly is: 'healthy' | 'unhealthy' | 'unknown'; readonly text: string };

/** What the probes of one role have come to, thresholds and all. */
export type Verdict = {
  readonly is: 'healthy' | 'unhealthy';
  readonly since: Millis;
  /** The kind of the probe that decided it. */
  readonly probe: string;
  /** Why, as the rest of a sentence: `the answer was 503`. */
  readonly text: string;
  readonly on_failure: OnFailure;
  /** Keys were pressed to wake the program up, and it was not well since. */
  readonly nudged: boolean;
  /** It is healthy, or was at some time of this run. */
  readonly everHealthy: boolean;
};

/** The health of one run: what its probes have published so far. Nothing yet is undefined. */
export type Health = { readonly [R in Role]: Verdict | undefined };
