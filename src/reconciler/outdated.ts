import type { AgentSpec, LastExit, Session } from './types.ts';

/**
 * Whether something that carries this fingerprint was made by other settings than the file has now.
 *
 * Hashes of different versions cannot be compared, and a fingerprint that is missing says nothing. Both count as the
 * settings of now: a new release must neither restart what runs nor wake what is held.
 */
export function isOutdated(fingerprint: string | undefined, spec: AgentSpec): boolean {
  if (fingerprint === undefined || fingerprint === spec.fingerprint) return false;
  return versionOf(fingerprint) === versionOf(spec.fingerprint);
}

/** What a life that ended was started with: its label tells, even if the ledger was lost or lags behind. */
export function fingerprintOf(exit: LastExit, session: Session | undefined): string | undefined {
  const label = session && session.run === exit.run ? session.fingerprint : undefined;
  return label ?? exit.fingerprint;
}

function versionOf(fingerprint: string): string {
  return fingerprint.slice(0, fingerprint.indexOf(':'));
}
