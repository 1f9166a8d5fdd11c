import type { Millis } from './types.ts';

const UNITS: readonly (readonly [string, Millis])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
];

/** A length of time for people: the two largest units that say something, `1m30s`, `2h`, `250ms`. */
export function formatSpan(span: Millis): string {
  if (Math.round(span) < 1_000) return `${Math.max(0, Math.round(span))}ms`;
  let rest = Math.round(span / 1_000) * 1_000;
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.slice(0, 2).join('');
}
