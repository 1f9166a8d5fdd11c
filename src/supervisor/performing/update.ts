import type { Action } from '../../reconciler/types.ts';
import type { Tmux } from '../../tmux/types.ts';
import { announce, type Colony } from '../colony.ts';
import { appliedOf } from '../launch.ts';
import { failureText } from '../observe.ts';

/** Take over settings that need no new process. */
export async function update(
  action: Extract<Action, { do: 'update' }>,
  colony: Colony,
  tmux: Tmux,
): Promise<string | undefined> {
  const { agent, reason, session, spec } = action;
  const labelled = await tmux.label(session.id, { fingerprint: spec.fingerprint });
  if (!labelled.ok) return failureText(labelled.error);
  const fields = reason.code === 'config_changed' ? reason.fields : [];
  announce(colony, { type: 'updated', agent, fields, applied: appliedOf(spec) });
  return undefined;
}
