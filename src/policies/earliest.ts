import type { Millis } from '../spec/define.ts';

/** The first of these instants; undefined if there is none. */
export function earliest(instants: readonly (Millis | undefined)[]): Millis | undefined {
  const known = instants.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
