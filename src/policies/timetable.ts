import { CronDate, type CronExpression, CronExpressionParser } from 'cron-parser';
import type { Millis } from '../spec/define.ts';
import { DAY, type Zone, zoneOf } from './zone.ts';

/** The instants that a cron expression means in a time zone. */
export type Timetable = {
  /** The last one that is not after this instant. */
  readonly latest: (until: Millis) => Millis | undefined;
  /** The first one after this instant. */
  readonly next: (after: Millis) => Millis | undefined;
};

/**
 * The timetable of five cron fields in a zone of the tz database.
 *
 * As cron has always done it, there are two kinds. If the hour is `*`, or a step of it, every instant counts at which
 * the clocks show a time that is meant: `0 * * * *` is every real hour, whatever is done to the clocks. Any other hour is
 * meant once: if it comes twice, the first counts; a time that the clocks skip is the instant at which they skip it.
 *
 * The library is asked in UTC alone: near a change of the clocks its answer depends on where the search began.
 */
export function timetableOf(cron: string, tz: string): Timetable {
  const zone = zoneOf(tz);
  const times = localTimes(cron);
  const [, hour = ''] = cron.trim().split(/\s+/);
  return hour.startsWith('*') ? recurring(times, zone) : fixed(times, zone);
}

/** Local times, written as if they were UTC. */
type LocalTimes = {
  /** The last one that is not after this one. */
  readonly last: (local: Millis) => Millis | undefined;
  /** The first one after this one. */
  readonly first: (local: Millis) => Millis | undefined;
};

function localTimes(cron: string): LocalTimes {
  const expression = parse(cron);
  if (!expression) return { last: () => undefined, first: () => undefined };
  return {
    last: (local) => search(expression, local + 1, () => expression.prev()),
    first: (local) => search(expression, local, () => expression.next()),
  };
}

/** undefined: a day that no month has. Who writes that is told when the file is read. */
function parse(cron: string): CronExpression | undefined {
  try {
    return CronExpressionParser.parse(cron, { tz: 'UTC' });
  } catch {
    return undefined;
  }
}

function search(expression: CronExpression, from: Millis, step: () => CronDate): Millis | undefined {
  expression.reset(new CronDate(from, 'UTC'));
  try {
    return step().getTime();
  } catch {
    // It gives up where nothing comes for a very long time.
    return undefined;
  }
}

/** How many times that the clocks do not show are passed over: more than the minutes of a day, and then none is shown. */
const MOST = 1_500;

function recurring({ last, first }: LocalTimes, { offset, change, shown }: Zone): Timetable {
  const local = (at: Millis) => at + offset(at);
  const walk = (
    from: Millis | undefined,
    further: (local: Millis) => Millis | undefined,
    pick: (instants: readonly Millis[]) => Millis | undefined,
  ) => {
    let time = from;
    for (let tries = 0; time !== undefined && tries < MOST; tries++) {
      const instant = pick(shown(time));
      if (instant !== undefined) return instant;
      time = further(time);
    }
    return undefined;
  };
  return {
    latest(until) {
      const before = (time: Millis) => last(time - 1);
      const pick = (instants: readonly Millis[]) => instants.findLast((at) => at <= until);
      const changed = change(until - DAY, until);
      // Right after the clocks were set back, the last time may be one that they showed before.
      const starts = [local(until), ...(changed === undefined ? [] : [local(changed - 1)])];
      return extreme(
        starts.map((start) => walk(last(start), before, pick)),
        Math.max,
      );
    },
    next(after) {
      const pick = (instants: readonly Millis[]) => instants.find((at) => at > after);
      const changing = change(after, after + DAY);
      const starts = [local(after), ...(changing === undefined ? [] : [local(changing) - 1])];
      return extreme(
        starts.map((start) => walk(first(start), first, pick)),
        Math.min,
      );
    },
  };
}

function fixed({ last, first }: LocalTimes, { offset, change, shown }: Zone): Timetable {
  const local = (at: Millis) => at + offset(at);
  /** The latest time that the clocks have ever shown. */
  const reached = (at: Millis) => {
    const changed = change(at - DAY, at);
    return changed === undefined ? local(at) : Math.max(local(at), local(changed - 1));
  };
  /** When the clocks show this time, or a later one, for the first time. */
  const due = (time: Millis | undefined) =>
    time === undefined ? undefined : (shown(time)[0] ?? change(time - DAY, time + DAY));
  return { latest: (until) => due(last(reached(until))), next: (after) => due(first(reached(after))) };
}

function extreme(
  instants: readonly (Millis | undefined)[],
  choose: (...known: number[]) => number,
): Millis | undefined {
  const known = instants.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : choose(...known);
}
