import { presentAhead, steadyReset, wallOf } from '../reconciler/offsets.ts';
import type { Millis, Offset } from '../reconciler/types.ts';

/** An instant of the colony's clock as people read it: ISO 8601, by the machine's clock of that moment; null: none. */
export function isoOf(offsets: readonly Offset[], at: Millis): string;
export function isoOf(offsets: readonly Offset[], at: Millis | undefined): string | null;
export function isoOf(offsets: readonly Offset[], at: Millis | undefined): string | null {
  return at === undefined ? null : new Date(wallOf(offsets, at)).toISOString();
}

/** How long ago an instant is for people: what the machine has slept counts. */
export function ageOf(offsets: readonly Offset[], at: Millis, now: Millis): Millis {
  return Math.max(0, wallOf(offsets, now) - wallOf(offsets, at));
}

/** The reset of a usage limit as people read it, ISO 8601; see `steadyReset`. */
export function resetOf(offsets: readonly Offset[], until: Millis): string {
  return new Date(until - steadyReset(0, presentAhead(offsets))).toISOString();
}

/** Fields of an entry of the journal that hold instants of the colony's clock, however deep. */
const INSTANTS: ReadonlySet<string> = new Set(['at', 'since', 'started', 'ended', 'until', 'contextAt']);

/** An entry of the journal with all of its instants as the machine's clock showed them. */
export function onWall<T>(value: T, offsets: readonly Offset[]): T {
  if (offsets.length === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => onWall(each, offsets)) as T;
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    INSTANTS.has(name) && typeof field === 'number' ? wallOf(offsets, field) : onWall<unknown>(field, offsets),
  ]);
  return Object.fromEntries(fields) as T;
}
