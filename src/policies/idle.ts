import type { Millis } from '../reconciler/types.ts';
import { NOTHING_TO_SAY, type Policy, type PolicyView, wishOf } from './define.ts';

/**
 * The agent has had nothing to do for as long as `idle.after`.
 *
 * What is typed, and a restart, happens at most `idle.times` times, each `idle.after` later than the one before, until a
 * person types, or sends something, or another conversation begins. A person is told once each time that it is idle.
 */
export const idle: Policy = ({ idle: options }, view) => {
  const wish = options && wishOf(options.action);
  const { vitals, history, run, now } = view;
  const { state, since } = vitals?.activity ?? {};
  if (!wish || state !== 'idle' || since === undefined) return NOTHING_TO_SAY;
  const { after, times } = options;
  const due = Math.max(since, history.typings.idle?.at ?? since) + after;
  if (now < due) return { lookAt: due };
  const counts = wish.do === 'send' || wish.do === 'restart';
  const time = 1 + (counts ? TIMES[wish.do](view) : 0);
  if (counts && time > times) return NOTHING_TO_SAY;
  const reason = { code: 'idle', for: after, time, times: counts ? times : 1 } as const;
  return { advice: [{ policy: 'idle', run, wish, reason, when: 'idle', patience: undefined }] };
};

/** How often that was done since a person was there. */
const TIMES = {
  send: ({ history: { typings }, typed }: PolicyView): number => {
    const { idle: before } = typings;
    return before && !isLater(typed, before.at) ? before.times : 0;
  },
  // Nobody counts restarts but the reason for which this life was begun.
  restart: ({ history: { reason, started }, typed }: PolicyView): number =>
    reason?.code === 'idle' && !isLater(typed, started) ? reason.time : 0,
};

const isLater = (at: Millis | undefined, than: Millis | undefined): boolean =>
  at !== undefined && than !== undefined && at > than;
