import type { Activity, History, Kind, Millis, Session, Vitals } from './types.ts';
import type { Want } from './wants.ts';

/** What something that ought to happen waits for; `until`: it happens then at the latest. */
export type Waits = {
  readonly for: 'idle' | 'person' | 'command' | 'dialog' | 'limit';
  readonly until: Millis | undefined;
};

/** Somebody who pressed a key no longer ago than this is at work there. */
export const TYPING: Millis = 30_000;

export type Moment = {
  readonly session: Session;
  readonly kind: Kind;
  readonly history: History;
  readonly vitals: Vitals | undefined;
  readonly now: Millis;
};

/** Whether this is the moment for it; undefined: it is. */
export function waitsFor(want: Want, moment: Moment): Waits | undefined {
  const { session, history, vitals, now } = moment;
  if (want.when === 'command') return { for: 'command', until: undefined };
  const unable = want.forced ? undefined : cannotTake(want, moment);
  if (unable) return unable;
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

const TYPES: ReadonlySet<Want['to']['do']> = new Set(['send', 'type', 'nudge']);

/** Programs that keep what is typed while they work, and take it up when they are through. */
const QUEUES: ReadonlySet<Kind> = new Set(['claude', 'codex']);

/**
 * Whether typing has to wait for the program, however long that takes: an Enter that meets a dialog answers it, and
 * text that meets nothing is lost. Of any other program than those that are known, nobody can tell.
 */
function cannotTake({ to, what }: Want, { kind, vitals, session, now }: Moment): Waits | undefined {
  if (!TYPES.has(to.do)) return undefined;
  const activity = vitals?.run === session.run ? vitals?.activity : undefined;
  if (activity?.state === 'waiting') return { for: 'dialog', until: undefined };
  const later = activity?.state === 'limited' && what !== 'limit' && (activity.until ?? now + 1) > now;
  if (later) return { for: 'limit', until: undefined };
  if (kind === 'shell' || to.do === 'nudge') return undefined;
  return isReceptive(kind, activity) ? undefined : { for: 'idle', until: undefined };
}

/** One that only prints, and has told nothing of itself, may be just starting up, and would lose what is typed. */
function isReceptive(kind: Kind, activity: Activity | undefined): boolean {
  const state = activity?.state ?? 'unknown';
  if (state === 'busy') return QUEUES.has(kind) && activity?.source !== 'output';
  return state !== 'unknown';
}

function isTyping({ attached, typed }: Session, now: Millis): boolean {
  return attached && typed !== undefined && now - typed < TYPING;
}

/** An agent whose usage limit is used up does nothing either. What was not measured yet counts as at work. */
function isIdle(vitals: Vitals | undefined, { run }: Session): boolean {
  if (!vitals || vitals.run !== run) return false;
  return vitals.activity.state === 'idle' || vitals.activity.state === 'limited';
}
