import { formatSpan } from '../reconciler/span.ts';
import type { Finding } from '../reconciler/types/health.ts';
import type { Reported } from '../reconciler/types/vitals.ts';
import type { ProbeSpec } from '../spec/probes.ts';
import { healthy, type Look, unhealthy } from './look.ts';

type Heartbeat = NonNullable<ProbeSpec['heartbeat']>;

/** Whether the program itself has said lately that it is well. */
export function heartbeat(options: Heartbeat, look: Look): Finding {
  return judgeHeartbeat(options, look.ask.reported(look.run), look);
}

/**
 * Healthy while the last heartbeat is not older than `stale_after`.
 *
 * Before the first one a program has not come up, but it still works: that is counted from the start of its life, or
 * from when this supervisor began to watch, since an earlier one may have been told what this one was not.
 */
export function judgeHeartbeat(
  { stale_after: limit }: Heartbeat,
  reported: Reported | undefined,
  { role, started, watched, now }: Pick<Look, 'role' | 'started' | 'watched' | 'now'>,
): Finding {
  const last = reported?.heartbeat ?? reported?.ready;
  if (last !== undefined && now - last <= limit) return healthy(`the last heartbeat was ${formatSpan(now - last)} ago`);
  const silence = now - Math.max(last ?? started, watched);
  if (role === 'liveness' && silence <= limit) return healthy(`no heartbeat for ${formatSpan(silence)}`);
  if (last === undefined) return unhealthy('there was no heartbeat so far');
  return unhealthy(`the last heartbeat was ${formatSpan(now - last)} ago`);
}
