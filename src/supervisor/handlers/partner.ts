import type { IncomingHttpHeaders } from 'node:http';
import { EXIT, PROTOCOL, PROTOCOL_HEADER, type Problem, VERSION_HEADER } from '../../control/protocol.ts';
import { isNewer } from '../../control/semver.ts';
import { VERSION } from '../../version.ts';
import { Refused } from './context.ts';

/**
 * Compare the asking program's release with this one; throws Refused if the two cannot go on.
 *
 * A newer program takes over with its `apply`, and with nothing else: reading changes nothing, so also not who
 * supervises. An older one never takes over. A request that does not say its release, as one of curl, passes.
 */
export function checkPartner(colony: string, asked: string, headers: IncomingHttpHeaders): void {
  const release = headers[VERSION_HEADER];
  if (typeof release !== 'string') return;
  const newer = isNewer(release, VERSION);
  if (newer && asked === 'POST /v1/apply') throw new Refused(olderSupervisor(colony, release));
  const protocol = Number(headers[PROTOCOL_HEADER]);
  if (protocol === PROTOCOL || asked === 'GET /v1/version' || (newer && asked === 'POST /v1/down')) return;
  throw new Refused(otherProtocol(colony, { release, protocol, newer }));
}

function olderSupervisor(colony: string, release: string): Problem {
  return {
    code: 'older_supervisor',
    exit: EXIT.unavailable,
    text: `the supervisor of ${colony} is version ${VERSION} (pid ${process.pid}), older than this program (${release})`,
    supervisor: { pid: process.pid, version: VERSION },
  };
}

type Partner = { readonly release: string; readonly protocol: number; readonly newer: boolean };

function otherProtocol(colony: string, { release, protocol, newer }: Partner): Problem {
  const differ =
    `the supervisor of ${colony} is version ${VERSION} and speaks protocol ${PROTOCOL}, ` +
    `this program is version ${release} and speaks ${protocol}`;
  const remedy = newer
    ? '`colony apply` replaces the supervisor, and touches no agent'
    : `use colony ${VERSION} here, or end the supervisor with \`kill ${process.pid}\` and run \`colony apply\`: its agents keep running and are taken over`;
  return { code: 'other_protocol', exit: EXIT.unavailable, text: `${differ}\n${remedy}` };
}
