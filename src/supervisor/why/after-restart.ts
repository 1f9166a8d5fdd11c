import type { AgentSpec, History } from '../../reconciler/types.ts';

/** What would become of the conversation if the program ended now, as a sentence. */
export function afterRestart(spec: AgentSpec | undefined, { conversation }: History): string {
  if (!spec) return 'It is not in the file, so it is not started again.';
  if (spec.kind === 'shell') return 'Colony knows no conversations of a program of the kind shell: it begins anew.';
  if (spec.resume === 'never') return 'A new conversation begins, because `resume` is `never`.';
  if (!conversation) return 'A new conversation begins: it is not known to be in one.';
  return `It goes on with the conversation ${conversation.id}.`;
}
