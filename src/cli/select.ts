import type { Result } from '../reconciler/types.ts';

/** Which agents a command is about. Empty lists select all. */
export type Selection = {
  /** Names, or globs with `*` and `?`; an agent is selected if one of them fits. */
  readonly names: readonly string[];
  /** All of them must fit. */
  readonly labels: readonly (readonly [key: string, value: string])[];
};

type Selectable = { readonly name: string; readonly labels: Readonly<Record<string, string>> };

/** The selected agents in their order, or the first part of the selection that fits no agent. */
export function select<A extends Selectable>(
  agents: readonly A[],
  selection: Selection,
): Result<readonly A[], { readonly written: string; readonly what: 'name' | 'glob' | 'label' }> {
  for (const written of selection.names) {
    if (agents.some(({ name }) => fits(written, name))) continue;
    return { ok: false, error: { written, what: isGlob(written) ? 'glob' : 'name' } };
  }
  const named = agents.filter(({ name }) => isNamed(name, selection.names));
  const chosen = named.filter((agent) => hasLabels(agent, selection.labels));
  if (chosen.length > 0 || selection.labels.length === 0) return { ok: true, value: chosen };
  const written = selection.labels.map(([key, value]) => `${key}=${value}`).join(' ');
  return { ok: false, error: { written, what: 'label' } };
}

/** Whether a name is among the written ones; without any, every name is. */
export function isNamed(name: string, written: readonly string[]): boolean {
  return written.length === 0 || written.some((one) => fits(one, name));
}

/** Whether an agent has all of these labels. */
export function hasLabels({ labels }: Pick<Selectable, 'labels'>, wanted: Selection['labels']): boolean {
  return wanted.every(([key, value]) => labels[key] === value);
}

function isGlob(written: string): boolean {
  return /[*?]/.test(written);
}

function fits(written: string, name: string): boolean {
  if (!isGlob(written)) return written === name;
  const pattern = written
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 's').test(name);
}
