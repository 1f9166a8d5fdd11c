import type { History, Millis, Session, Vitals } from './types.ts';
import type { Want } from './wants.ts';

/** What something that ought to happen waits for; `until`: it happens then at the latest. */
export type Waits = { readonly for: 'idle' | 'person' | 'command'; readonly until: Millis | undefined };

/** Somebody who pressed a key no longer ago than this is at work there. */
export const TYPING: Millis = 30_000;

export type Moment = {
  readonly session: Session;
  readonly history: History;
  readonly vitals: Vitals | undefined;
  readonly now: Millis;
};

/** Whether this is the moment for it; undefined: it is. */
export function waitsFor(want: Want, { session, history, vitals, now }: Moment): Waits | undefined {
  if (want.when === 'command') return { for: 'command', until: undefined };
  const begun = history.deferred[want.what]?.since;
  const until = want.patience === undefined || begun === undefined ? undefined : begun + want.patience;
  if (until !== undefined && until <= now) return undefined;
  if (want.polite && isTyping(session, now)) return { for: 'person', until };
  return want.when === 'idle' && !isIdle(vitals, session) ? { for: 'idle', until } : undefined;
}

/** When to look again at the latest, because a person who typed may have stopped. */
export function nextLook({ for: cause, until }: Waits, { typed }: Session): Millis | undefined {
  const quiet = cause === 'person' && typed !== undefined ? typed + TYPING : undefined;
  return quiet === undefined || (until !== undefined && until < quiet) ? until : quiet;
}

function isTyping({ attached, typed }: Session, now: Millis): boolean {
  return attached && typed !== undefined && now - typed < TYPING;
}

/** An agent whose usage limit is used up does nothing either. What was not measured yet counts as at work. */
function isIdle(vitals: Vitals | undefined, { run }: Session): boolean {
  if (!vitals || vitals.run !== run) return false;
  return vitals.activity.state === 'idle' || vitals.activity.state === 'limited';
}
