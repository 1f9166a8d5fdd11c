import { formatSpan } from '../../reconciler/span.ts';
import type { Millis } from '../../reconciler/types.ts';

const MINUTE: Millis = 60_000;

/**
 * How long something has lasted, for a column: `42s`, `3m`, `2h15m`, `3d4h`.
 *
 * Never rounded up, so that two looks in a row never go backwards. A clock that was set back gives `0s`.
 */
export function age(span: Millis): string {
  if (span < 1_000) return '0s';
  const unit = span < MINUTE ? 1_000 : MINUTE;
  return formatSpan(Math.floor(span / unit) * unit);
}

/** The time since an ISO 8601 instant; empty where there is none. */
export function ageOf(instant: string | null | undefined, now: Millis): string {
  return instant ? age(now - Date.parse(instant)) : '';
}

/** The time until an ISO 8601 instant: `in 12s`, or `now` once it has come. */
export function until(instant: string | null | undefined, now: Millis): string {
  if (!instant) return '';
  const rest = Date.parse(instant) - now;
  return rest < 1_000 ? 'now' : `in ${age(rest)}`;
}
