import { LETTER } from '../letter.ts';
import type { Alert, History } from '../types.ts';
import type { Change, Of } from './entry.ts';
import { ofRun } from './run.ts';

/** Something has to be done to this run, and waits; `what` wants it: a policy, a role of probes, or `update`. */
export const deferred: Change<'deferred'> = (history, { run, what, reason, at }) =>
  ofRun(history, run, { deferred: { ...history.deferred, [what]: { reason, since: at } } });

/** It need not be done any more. */
export const deferralOver: Change<'deferral_over'> = (history, { what }) => {
  const { [what]: _, ...deferred } = history.deferred;
  return { ...history, deferred };
};

/** What a policy tells a person stands until it is silent; what is about an instant never stands. */
export const alert: Change<'alert'> = (history, { policy, level, reason, once, at }) =>
  once ? undefined : { ...history, alerts: { ...history.alerts, [policy]: { level, reason, since: at } } };

/** The policy is silent. */
export const alertOver: Change<'alert_over'> = (history, { policy }) => {
  const { [policy]: _, ...alerts } = history.alerts;
  return { ...history, alerts };
};

/** A time of a schedule is dealt with. */
export const scheduled: Change<'scheduled'> = (history, { schedule, due }) => ({
  ...history,
  marks: { ...history.marks, [schedule]: due },
});

/** A policy, or a person, has typed something. */
export const sent: Change<'sent'> = (history, entry) => ({
  ...history,
  typings: typedBy(history, entry),
  alerts: saidOf(history, 'warn', entry),
});

/** It is not tried again until the policy was silent: what did not work at once would be tried without end. */
export const undelivered: Change<'undelivered'> = (history, entry) => ({
  ...history,
  alerts: saidOf(history, 'notify', entry),
});

/** What a person types begins the counting anew. */
function typedBy({ typings }: History, { policy, at }: Of<'sent'>): History['typings'] {
  if (policy === LETTER) return {};
  return { ...typings, [policy]: { times: (typings[policy]?.times ?? 0) + 1, at } };
}

/** What a policy has typed, or could not, stands with what it has to tell, until it is silent. */
function saidOf({ alerts }: History, level: Alert['level'], entry: Of<'sent' | 'undelivered'>): History['alerts'] {
  const { policy, reason, once, at } = entry;
  return once ? alerts : { ...alerts, [policy]: { level, reason, since: at } };
}
