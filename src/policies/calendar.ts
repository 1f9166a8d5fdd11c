import type { Millis } from '../spec/define.ts';
import { type Timetable, timetableOf } from './timetable.ts';

/** What a schedule has to know of an instant: the last time that was due, and the next one. */
export type Around = { readonly latest: Millis | undefined; readonly next: Millis | undefined };

type Page = { readonly timetable: Timetable; readonly since: Millis; readonly around: Around };

/** By expression and zone. What is asked every few seconds is answered by the calendar a few times a day. */
const pages = new Map<string, Page>();

/** More than any colony has: then files were changed very often, and all but what is in force is worthless. */
const MOST = 1_000;

/** The times of a cron expression around an instant of the wall clock. The same question has always the same answer. */
export function timesAround(cron: string, tz: string, at: Millis): Around {
  const key = `${cron}\0${tz}`;
  const known = pages.get(key);
  if (known && at >= known.since && at < (known.around.next ?? known.since)) return known.around;
  if (pages.size >= MOST) pages.clear();
  const timetable = known?.timetable ?? timetableOf(cron, tz);
  const around = { latest: timetable.latest(at), next: timetable.next(at) };
  pages.set(key, { timetable, since: around.latest ?? at, around });
  return around;
}
