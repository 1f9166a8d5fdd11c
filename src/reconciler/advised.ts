import type { Advice, AgentName, ReconcileInput, RunId } from './types.ts';

/**
 * What the policies say of this very life; `run` undefined: of an agent that does not run.
 *
 * They are asked less often than the world is looked at. What they said of another life, or of a time of a schedule that
 * was dealt with since, says nothing any more.
 */
export function adviceFor(
  agent: AgentName,
  run: RunId | undefined,
  { advice, ledger }: Pick<ReconcileInput, 'advice' | 'ledger'>,
): readonly Advice[] {
  const all = advice.get(agent);
  if (!all) return [];
  const marks = ledger.agents.get(agent)?.marks ?? {};
  return all.filter((each) => each.run === run && !(each.mark && (marks[each.mark.schedule] ?? 0) >= each.mark.due));
}
