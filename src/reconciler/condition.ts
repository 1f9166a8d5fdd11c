import type { AgentSpec, Health, Reason, Verdict } from './types.ts';

/** What the probes of a program that runs have made of it. */
export type Condition =
  /** It has not come up, or was never ready yet. */
  | { readonly is: 'starting'; readonly reason: Reason }
  | { readonly is: 'ready' }
  /** It was ready, and is not any more; or it is not well. */
  | { readonly is: 'degraded'; readonly reason: Reason };

/** Without probes a program is ready as soon as it runs. */
export function conditionOf({ probes }: Pick<AgentSpec, 'probes'>, health: Health): Condition {
  if (!hasComeUp({ probes }, health)) return { is: 'starting', reason: startingUp('startup', health.startup) };
  if (probes.liveness.length > 0 && health.liveness?.is === 'unhealthy') {
    return { is: 'degraded', reason: livenessReason(health.liveness) };
  }
  const { readiness } = health;
  if (probes.readiness.length === 0 || readiness?.is === 'healthy') return { is: 'ready' };
  if (!readiness?.everHealthy) return { is: 'starting', reason: startingUp('readiness', readiness) };
  return { is: 'degraded', reason: { code: 'not_ready', probe: readiness.probe, text: readiness.text } };
}

/** Whether nothing but its readiness stands between a program and its use. */
export function hasComeUp({ probes }: Pick<AgentSpec, 'probes'>, { startup }: Health): boolean {
  return probes.startup.length === 0 || startup?.is === 'healthy';
}

function startingUp(role: 'startup' | 'readiness', verdict: Verdict | undefined): Reason {
  return { code: 'starting_up', role, text: verdict?.text };
}

/** A program that shows no sign of life hangs; what any other probe found out is for its text to say. */
export function livenessReason({ probe, text }: Verdict): Reason {
  return probe === 'activity' ? { code: 'hung', text } : { code: 'liveness_failed', probe, text };
}
