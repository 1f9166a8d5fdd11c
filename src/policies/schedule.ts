import { fraction } from '../reconciler/backoff.ts';
import type { Advice, AgentSpec, Event, Mark, Millis, Wish } from '../reconciler/types.ts';
import type { ScheduleEntry } from '../spec/schedule.ts';
import { timesAround } from './calendar.ts';
import type { Opinion, Policy, PolicyView } from './define.ts';
import { earliest } from './earliest.ts';
import { taskOf } from './task.ts';

/** A time found no later than this was met: a supervisor looks every few seconds, and a busy machine may need longer. */
const PUNCTUAL: Millis = 60_000;

/** The clocks of no place are set by more; what is further ahead was written when the wall clock was wrong. */
const AHEAD: Millis = 25 * 3_600_000;

/**
 * What happens at fixed times of the wall clock.
 *
 * Of each entry the last time that was dealt with is in the ledger: its mark. Only the latest time after the mark
 * counts, so neither a clock that is set, nor a supervisor that was away, can make more than one of many. A mark moves
 * forward only; one that lies far ahead of the wall clock is set anew, and nothing is done for the times before.
 */
export const schedule: Policy = (spec, view) => {
  const entries = new Map(spec.schedule.map((entry) => [keyOf(entry), entry]));
  const opinions = [...entries].map(([key, entry]) => opinionOn(key, entry, spec, view));
  return {
    advice: opinions.flatMap(({ advice = [] }) => advice),
    events: opinions.flatMap(({ events = [] }) => events),
    lookAt: earliest(opinions.map(({ lookAt }) => lookAt)),
  };
};

/** What the marks call an entry. It stays the same wherever in the list the entry stands; two of a kind are one. */
export function keyOf({ cron, tz, action }: ScheduleEntry): string {
  // What is typed may be secret, and the journal is not the place for it.
  const does = 'send' in action ? `send ${Math.floor(fraction(action.send) * 2 ** 32).toString(16)}` : action.do;
  return `${cron.trim().split(/\s+/).join(' ')} ${tz} ${does}`;
}

function opinionOn(key: string, entry: ScheduleEntry, spec: AgentSpec, view: PolicyView): Opinion {
  const { wall, now, history } = view;
  const later = Math.round(fraction(`${spec.name} ${key}`) * entry.jitter);
  const { latest, next } = timesAround(entry.cron, entry.tz, wall - later);
  const lookAt = next === undefined ? undefined : now + (next + later - wall);
  const mark = history.marks[key];
  if (mark === undefined || mark > wall + AHEAD) return { events: [scheduled(wall, 'set')], lookAt };
  if (latest === undefined || latest <= mark) return { lookAt };
  const due = { schedule: key, due: latest };
  if (wall - later - latest > Math.max(entry.catch_up, PUNCTUAL) && !stands(due, view)) {
    return { events: [scheduled(latest, 'missed')], lookAt };
  }
  const task = taskOf({ entry, spec, view, due: latest });
  if (task === 'skip') return { events: [scheduled(latest, 'skipped')], lookAt };
  return task === 'wait' ? { lookAt } : { advice: [adviceOf(due, entry, task, view)], lookAt };

  function scheduled(at: Millis, outcome: 'set' | 'missed' | 'skipped'): Event {
    return { type: 'scheduled', agent: spec.name, schedule: key, due: at, outcome };
  }
}

/** Whether this time was met when it came, and waits for a better moment since then. */
function stands(mark: Mark, { advised, history }: PolicyView): boolean {
  const said = advised.some((each) => each.mark?.schedule === mark.schedule && each.mark.due === mark.due);
  return said || Object.hasOwn(history.deferred, policyOf(mark));
}

/** Under this name advice is told apart, and put off. */
function policyOf({ schedule }: Mark): string {
  return `schedule ${schedule}`;
}

function adviceOf(mark: Mark, { cron, tz, when, wait }: ScheduleEntry, wish: Wish, view: PolicyView): Advice {
  return {
    policy: policyOf(mark),
    run: view.alive ? view.run : undefined,
    wish,
    reason: { code: 'scheduled', cron, tz },
    // There is no work to interrupt where nothing runs, nor by telling a person.
    when: view.alive && wish.do !== 'notify' && wish.do !== 'warn' ? when : 'now',
    patience: wait,
    mark,
  };
}
