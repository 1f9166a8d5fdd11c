import { DAY, zoneOf } from '../policies/zone.ts';
import type { Millis } from '../reconciler/types.ts';

const HOUR: Millis = 3_600_000;
const MINUTE: Millis = 60_000;

/** `Nov 24, 3am`, `6:51 PM`, `Nov 24th, 2026 6:51 PM`, each perhaps with ` (Europe/Berlin)` behind it. */
const TIME =
  /(?:\b([A-Z][a-z]{2})[a-z]* (\d{1,2})(?:st|nd|rd|th)?,?(?: \d{4},?)?(?: at)? )?\b(\d{1,2})(?::(\d\d))? ?([ap])\.?m\b\.?(?: ?\(([A-Za-z0-9_+/-]+)\))?/i;

/** `in 2 hours 5 minutes`, `in 45s`. */
const SPAN = /\bin ((?:\d+ ?(?:d|h|m|s|day|hour|min|minute|sec|second)s?\b[ ,]*(?:and )?)+)/i;

/** How far ahead a day may be that is named without its year. */
const MOST_DAYS = 45;

/**
 * The instant that a program means by a text about the reset of a limit; undefined: it names none.
 *
 * A time of day is the next one after the text was said. `zone` is that of the program, for texts that name none.
 */
export function resetTime(text: string, said: Millis, zone: string): Millis | undefined {
  const span = SPAN.exec(text)?.[1];
  if (span !== undefined) return said + spanOf(span);
  const [, month, day, hour, minute, half, named] = TIME.exec(text) ?? [];
  if (hour === undefined || Number(hour) > 12 || Number(minute ?? 0) > 59) return undefined;
  const hours = (Number(hour) % 12) + (half?.toLowerCase() === 'p' ? 12 : 0);
  const time = hours * HOUR + Number(minute ?? 0) * MINUTE;
  const clocks = zoneNamed(named) ?? zoneNamed(zone) ?? zoneNamed('UTC');
  if (!clocks) return undefined;
  const wanted = month === undefined ? undefined : `${month.slice(0, 3)} ${Number(day)}`;
  return nextOn(time, wanted, said, clocks);
}

type Clocks = { readonly offset: (at: Millis) => Millis; readonly day: (at: Millis) => string };

/** The first instant, from a minute before `said` on, at which the clocks show this time, on this day if one is wanted. */
function nextOn(time: Millis, wanted: string | undefined, said: Millis, { offset, day }: Clocks): Millis | undefined {
  const local = said + offset(said);
  const today = Math.floor(local / DAY) * DAY;
  for (let days = 0; days <= MOST_DAYS; days++) {
    const shown = today + days * DAY + time;
    const at = shown - offset(shown - offset(said));
    if (at < said - MINUTE) continue;
    if (wanted === undefined || day(at).toLowerCase() === wanted.toLowerCase()) return at;
  }
  return undefined;
}

function zoneNamed(name: string | undefined): Clocks | undefined {
  if (name === undefined) return undefined;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, month: 'short', day: 'numeric' });
    return { offset: zoneOf(name).offset, day: (at) => format.format(at) };
  } catch {
    return undefined;
  }
}

const UNITS: Readonly<Record<string, Millis>> = { d: DAY, h: HOUR, m: MINUTE, s: 1_000 };

function spanOf(text: string): Millis {
  const parts = [...text.matchAll(/(\d+) ?([dhms])/gi)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit?.toLowerCase() ?? ''] ?? 0), 0);
}
