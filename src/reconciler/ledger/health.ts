import type { Health } from '../types.ts';
import type { Change, Of } from './entry.ts';
import { ofRun } from './run.ts';

/** What the probes of one role have come to. */
export const published: Change<'health'> = (history, entry) =>
  ofRun(history, entry.run, { health: healthAfter(history.health, entry) });

/** A probe that fails again after keys were pressed says that they did not help: then only a restart is left. */
function healthAfter(health: Health, { role, is, probe, text, on_failure: answer, at }: Of<'health'>): Health {
  const before = health[role];
  const again = is === 'unhealthy' && before?.is === 'unhealthy';
  const since = before?.is === is ? before.since : at;
  const nudged = again && before.nudged;
  const everHealthy = is === 'healthy' || before?.everHealthy === true;
  return {
    ...health,
    [role]: { is, since, probe, text, on_failure: nudged ? 'restart' : answer, nudged, everHealthy },
  };
}

/** Keys were pressed because its liveness had failed. */
export const nudged: Change<'nudged'> = (history, { run }) => {
  const { liveness } = history.health;
  if (!liveness) return undefined;
  return ofRun(history, run, { health: { ...history.health, liveness: { ...liveness, nudged: true } } });
};
