import type { Environment } from '../environment.ts';

/** Values that are shorter tell nothing, and stand in any text by chance. */
const SHORTEST = 4;

/** A text in which the values of these variables do not appear, whoever printed them. */
export function hideValues(text: string, environment: Environment): string {
  const values = Object.values(environment).filter((value) => value.length >= SHORTEST);
  // Longer ones first: one may be a part of another.
  return values.sort((a, b) => b.length - a.length).reduce((rest, value) => rest.replaceAll(value, '***'), text);
}
