import { stringify } from 'yaml';

/** A value as YAML, every text in one line. */
export function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}
