import { foreignTo, LAUNCHERS } from '../../agents/launching.ts';
import type { Difference } from '../../reconciler/diff.ts';
import { hasLiveRun } from '../../reconciler/ledger.ts';
import type { AgentSpec, Ledger } from '../../reconciler/types.ts';

/**
 * What becomes of the conversation that an agent is in when its program is started anew; undefined: there are none.
 *
 * As far as that can be told without looking at the disk. `changed`: what is changed with it.
 */
export function outlook(
  spec: AgentSpec,
  ledger: Ledger,
  changed: readonly Pick<Difference, 'field'>[] = [],
): 'kept' | 'new' | undefined {
  const { ids, homes } = LAUNCHERS[spec.kind];
  if (ids === 'none') return undefined;
  const history = ledger.agents.get(spec.name);
  const { conversation, applied } = history ?? {};
  if (!conversation || spec.resume === 'never' || foreignTo(spec.kind, applied?.kind)) return 'new';
  if (changed.some(({ field }) => homes.some((variable) => field === `env.${variable}`))) return 'new';
  const others = [...ledger.agents].filter(([name]) => name !== spec.name).map(([, each]) => each);
  const isShared = others.some((each) => each.conversation?.id === conversation.id && hasLiveRun(each));
  return isShared ? 'new' : 'kept';
}
