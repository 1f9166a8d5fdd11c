import { fraction } from '../reconciler/backoff.ts';
import type { AgentSpec, Kind, Millis } from '../reconciler/types.ts';
import { NOTHING_TO_SAY, type Opinion, type Policy, type PolicyView, wishOf } from './define.ts';

/** Clocks differ, and a limit that is asked a moment too early is met once more. */
const GRACE: Millis = 30_000;

/**
 * Claude Code goes on by itself a minute after the reset (seen in 2.1.329). Twice that much is waited for it: who goes
 * on meanwhile is not told to.
 */
const GOES_ON_ITSELF: Partial<Record<Kind, Millis>> = { claude: 120_000 };

/** Most programs tell the time to the minute: it may be reset that much later than they say. */
const MINUTE: Millis = 60_000;

/** Of the stagger, by how much more each agent may wait, by its name: two colonies of one account do not march in step. */
const JITTER = 0.2;

/**
 * The usage limit of an agent is reset, and it has not gone on by itself.
 *
 * Agents that share an account follow one another in the order of their names, so that each supervisor finds the same
 * times. A limit of which nobody knows when it is reset is for a person.
 */
export const limit: Policy = (spec, view) => {
  const wish = spec.limit && wishOf(spec.limit.action);
  const { state, since } = view.vitals?.activity ?? {};
  if (!wish || state !== 'limited') return NOTHING_TO_SAY;
  const until = resetOf(view);
  const reason = { code: 'limit_reset', until } as const;
  const { run, now } = view;
  const say = (what: typeof wish): Opinion => ({
    advice: [{ policy: 'limit', run, wish: what, reason, when: 'idle', patience: undefined }],
  });
  if (until === undefined) return say({ do: 'notify' });
  if (hasGoneOn(view, Math.max(until, since ?? until))) return NOTHING_TO_SAY;
  const due = until + waitOf(spec.kind, until) + turnOf(spec, view, until);
  return now < due ? { lookAt: due } : say(wish);
};

/** When it is reset; where that is told to the minute, another source may know the second. */
function resetOf({ vitals }: PolicyView): Millis | undefined {
  const { until } = vitals?.activity ?? {};
  if (until === undefined || until % MINUTE !== 0) return until;
  const times = vitals?.told.evidence.flatMap(({ state, until: at }) => (state === 'limited' && at ? [at] : [])) ?? [];
  return times.find((at) => at > until && at < until + MINUTE) ?? until;
}

function waitOf(kind: Kind, until: Millis): Millis {
  return GOES_ON_ITSELF[kind] ?? (until % MINUTE === 0 ? GRACE + MINUTE : GRACE);
}

/** Somebody has given it a prompt since the reset, and be it the program itself. */
function hasGoneOn({ vitals }: PolicyView, reset: Millis): boolean {
  const prompted = vitals?.told.prompted;
  return prompted !== undefined && prompted >= reset;
}

/** How long this agent lets others of its account go before. */
function turnOf({ name, limit: options }: AgentSpec, { others }: PolicyView, until: Millis): Millis {
  const stagger = options?.stagger ?? 0;
  const place = others.filter((other) => other < name).length;
  return Math.round((place + JITTER * fraction(`limit:${name}:${until}`)) * stagger);
}
