import type { RestartSpec } from '../spec/restart.ts';
import type { Millis } from './types.ts';

/** A process that lived this long is restarted at once when it fails for the first time: it had got to work. */
const SETTLED: Millis = 5_000;

/** What the wait before a restart depends on. */
export type Failure = {
  /** 1 for the first failure since the agent was last healthy. */
  readonly attempt: number;
  readonly uptime: Millis | undefined;
  /** Seeds the jitter, so that a new supervisor computes the very same deadline. */
  readonly seed: string;
};

/** How long to wait before the restart that answers `failure`. */
export function backoffDelay(backoff: RestartSpec['backoff'], failure: Failure): Millis {
  if (failure.attempt <= 1 && (failure.uptime ?? 0) >= SETTLED) return 0;
  const exponent = Math.max(0, failure.attempt - 1);
  // After very many failures the power is infinite, and infinity times no wait at all would not be a number.
  const plain = backoff.initial === 0 ? 0 : Math.min(backoff.max, backoff.initial * backoff.factor ** exponent);
  const swing = (fraction(`${failure.seed}:${failure.attempt}`) * 2 - 1) * backoff.jitter;
  return Math.round(Math.min(backoff.max, plain * (1 + swing)));
}

/** The unplanned ends that fall within `window` before `now`. */
export function failuresWithin(failures: readonly Millis[], window: Millis, now: Millis): number {
  return failures.filter((at) => at > now - window).length;
}

/** A number in [0, 1) that depends on the text alone: 32-bit FNV-1a, mixed once more because its high bits are weak. */
export function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
