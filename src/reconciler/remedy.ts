import type { Phase, Reason, Stuck } from './types.ts';
import type { AgentView } from './view.ts';

type Down = Pick<AgentView, 'agent' | 'phase' | 'reason' | 'history'>;

/** What would start an agent whose program does not run; a sentence without a full stop. */
export function remedyOf(down: Down): string {
  return beyondStart(down) ?? startOf(down.agent, 'starts it');
}

/**
 * What has to be done about an agent that a start by hand does not start, as a sentence without a full stop; undefined:
 * such a start is enough, or it comes by itself.
 */
export function beyondStart({ agent, phase, reason, history }: Down): string | undefined {
  const lift = reason && DOWN.has(phase) ? liftOf(reason) : undefined;
  // Who is switched off may have been stopped by hand as well.
  const both = lift !== undefined && phase === 'disabled' && history.hold;
  return both ? `\`enabled: true\` in colony.yaml and then ${startOf(agent, 'start it')}` : lift;
}

const DOWN: ReadonlySet<Phase> = new Set(['disabled', 'stopping', 'held', 'pending']);

function liftOf(reason: Reason): string | undefined {
  switch (reason.code) {
    case 'disabled':
      return '`enabled: true` in colony.yaml starts it';
    case 'workdir_missing':
    case 'name_taken':
      return BY_ITSELF;
    case 'command_not_found':
    case 'command_not_executable':
      // Without a name it is an exit code, which a start forgets.
      return reason.program === undefined ? undefined : BY_ITSELF;
    case 'dependency_not_ready':
      return reason.stuck && liftOfStuck(reason.stuck);
    default:
      return undefined;
  }
}

const BY_ITSELF = 'it starts by itself once that is mended';

function liftOfStuck({ agent, is, reason }: Stuck): string | undefined {
  if (is === 'absent') return `it starts once ${agent} is in colony.yaml`;
  if (is === 'disabled') return `\`enabled: true\` of ${agent} in colony.yaml starts both`;
  return liftOf(reason) ?? (is === 'waiting' ? undefined : startOf(agent, 'starts both'));
}

function startOf(agent: string, what: string): string {
  return `\`colony start ${agent}\` ${what}`;
}
