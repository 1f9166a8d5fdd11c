import { isNewer } from '../control/semver.ts';
import { VERSION } from '../version.ts';

/** What to know of a supervisor of another release than this program; undefined where both are of the same one. */
export function otherRelease(version: string | undefined): string | undefined {
  if (version === undefined || version === VERSION) return undefined;
  if (isNewer(VERSION, version))
    return `colony: the supervisor is version ${version}, this program ${VERSION}; \`colony apply\` replaces it and touches no agent`;
  return isNewer(version, VERSION)
    ? `colony: the supervisor is version ${version}, newer than this program (${VERSION})`
    : undefined;
}
