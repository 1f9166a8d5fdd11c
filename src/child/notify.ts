import { EXTENSION_LIMIT, type Report, statusText } from './report.ts';
import { leave, placeIn } from './spool.ts';

/**
 * What a program can tell colony of itself.
 *
 * - `ready`: it has come up.
 * - `heartbeat`: it is alive; for a probe of the kind `heartbeat`.
 * - `busy`, `idle`, `waiting`: what it is doing; `waiting` is for a person.
 * - `status`: a line for people; at most 200 characters of it are kept.
 * - `extend`: for so many milliseconds from now, at most an hour, it will not be found unwell, nor killed while it stops.
 */
export type Notice =
  | 'ready'
  | 'heartbeat'
  | 'busy'
  | 'idle'
  | 'waiting'
  | { readonly status: string }
  | { readonly extend: number };

/**
 * Tell colony something about the agent in which this process runs.
 *
 * Returns whether it was left for the supervisor: false where colony has not started the program, and where the disk
 * takes nothing. It makes no difference whether a supervisor runs: the next one reads it. Throws a TypeError for what
 * cannot be meant.
 */
export function notify(
  notice: Notice,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  const report = reportOf(notice);
  const place = placeIn(environment);
  if (!place) return false;
  try {
    leave(place, report);
    return true;
  } catch {
    return false;
  }
}

function reportOf(notice: Notice): Report {
  if (notice === 'ready' || notice === 'heartbeat') return { kind: notice };
  if (notice === 'busy' || notice === 'idle' || notice === 'waiting') return { kind: 'state', state: notice };
  if (typeof notice === 'object' && notice !== null) {
    if ('status' in notice && typeof notice.status === 'string')
      return { kind: 'status', text: statusText(notice.status) };
    if ('extend' in notice && notice.extend > 0 && notice.extend <= EXTENSION_LIMIT)
      return { kind: 'extend', ms: Math.round(notice.extend) };
  }
  throw new TypeError(
    `colony can be told ready, heartbeat, busy, idle, waiting, a status, or an extension of at most an hour; got ${JSON.stringify(notice)}`,
  );
}
