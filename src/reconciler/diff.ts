import type { Settings } from './types.ts';

/** The fields whose change needs a new process; a setting below one of them counts as well. */
export const REPLACE_FIELDS = ['command', 'workdir', 'env', 'kind', 'tmux.size', 'metadata'] as const;

/** A setting that is not the same on both sides; undefined where a side does not set it. */
export type Difference = { readonly field: string; readonly from: string | undefined; readonly to: string | undefined };

/** What changes between two sets of settings, sorted by field. */
export function differences(from: Settings, to: Settings): readonly Difference[] {
  // What runs was mostly started with these very settings, and every agent is asked in every pass.
  if (from === to) return [];
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return fields.flatMap((field) => (from[field] === to[field] ? [] : [{ field, from: from[field], to: to[field] }]));
}

/** Whether a change of this field can only take effect in a new process. */
export function needsNewProcess(field: string): boolean {
  return REPLACE_FIELDS.some((prefix) => field === prefix || field.startsWith(`${prefix}.`));
}
