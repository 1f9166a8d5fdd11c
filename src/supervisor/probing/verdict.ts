import type { Tally } from '../../probes/threshold.ts';
import type { OnFailure, Role } from '../../reconciler/types.ts';

/** Where one probe of a role stands. */
export type Standing = {
  readonly verdict: Tally['verdict'];
  /** The kind of the probe. */
  readonly probe: string;
  /** What its last result was, as the rest of a sentence. */
  readonly text: string;
  readonly on_failure: OnFailure;
};

/** What is published of a role: which probe decided it, and why. */
export type Said = Omit<Standing, 'verdict'> & { readonly is: 'healthy' | 'unhealthy' };

const SEVERITY: readonly OnFailure[] = ['none', 'notify', 'nudge', 'restart'];
const severity = (answer: OnFailure): number => SEVERITY.indexOf(answer);

/**
 * What the probes of a role come to: healthy when all are, unhealthy when one is; else nothing yet.
 *
 * Of several that are unhealthy the one decides whose failure leads to most. `latest`: the one that has just reported,
 * which speaks for all when all is well.
 */
export function verdictOfRole(probes: readonly Standing[], latest: number): Said | undefined {
  const failing = probes.filter(({ verdict }) => verdict === 'unhealthy');
  const [worst] = failing.sort((a, b) => severity(b.on_failure) - severity(a.on_failure));
  if (worst) return said(worst, 'unhealthy');
  const speaker = probes[latest];
  return speaker && probes.every(({ verdict }) => verdict === 'healthy') ? said(speaker, 'healthy') : undefined;
}

function said({ probe, text, on_failure }: Standing, is: Said['is']): Said {
  return { is, probe, text, on_failure };
}

/**
 * What is to be published, now that a role has come to `now`: only what is new.
 *
 * A role that has said nothing is taken for well if it is liveness, and for not yet well otherwise. When the failure
 * that was published is over and a milder one is left, its end is said first: the answer to it must end as well.
 */
export function newsOf(role: Role, before: Said | undefined, now: Said): readonly Said[] {
  if (!before) return role === 'liveness' && now.is === 'healthy' ? [] : [now];
  if (before.is !== now.is) return [now];
  if (now.is === 'healthy') return [];
  const change = severity(now.on_failure) - severity(before.on_failure);
  if (change === 0) return [];
  return change > 0 ? [now] : [{ ...before, is: 'healthy', text: 'it is well again' }, now];
}

/**
 * The same after keys were pressed because of a failure: that one is published once more if it is still there, which
 * says that the keys did not help. A milder failure has to wait until it is known whether they did (`pending`).
 */
export function newsAfterNudge(before: Said | undefined, now: Said, pending: boolean): readonly Said[] {
  if (now.is === 'healthy') return newsOf('liveness', before, now);
  if (severity(now.on_failure) >= severity('nudge')) return [now];
  return pending ? [] : newsOf('liveness', before, now);
}
