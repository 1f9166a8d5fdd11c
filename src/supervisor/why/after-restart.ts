import { optionOf, wordsOf } from '../../agents/command.ts';
import type { AgentSpec, History } from '../../reconciler/types.ts';
import { type Environment, environmentOf } from '../environment.ts';

/**
 * What would become of the conversation if the program ended now, as a sentence. `environment`: what all agents inherit.
 */
export function afterRestart(
  spec: AgentSpec | undefined,
  { conversation }: History,
  environment: Environment = {},
): string {
  if (!spec) return 'It is not in the file, so it is not started again.';
  if (spec.kind === 'shell') return 'Colony knows no conversations of a program of the kind shell: it begins anew.';
  if (spec.resume === 'never') return 'A new conversation begins, because `resume` is `never`.';
  if (!conversation) return `A new conversation begins: it is not known to be in one${silence(spec, environment)}.`;
  return `It goes on with the conversation ${conversation.id}.`;
}

/** Why a program that is in a conversation may not be known to be; opencode tells it in its log alone. */
function silence(spec: AgentSpec, environment: Environment): string {
  const { kind, command } = spec;
  if (kind !== 'opencode') return '';
  const { OPENCODE_CONFIG: config, OPENCODE_LOG_LEVEL: level } = environmentOf(environment, spec);
  if (config) return ', because `OPENCODE_CONFIG` is set, by which colony tells whose lines are whose in its log';
  const said = optionOf(wordsOf(command), '--log-level')?.text ?? level;
  if (said && /^(?:warn|error)$/i.test(said)) return ', because its log level is so high that its log does not tell';
  return ', which opencode tells in its log with the first prompt';
}
