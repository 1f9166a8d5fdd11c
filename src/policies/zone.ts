import type { Millis } from '../spec/define.ts';

/** The clocks of a time zone. Local times are written as if they were UTC, in milliseconds. */
export type Zone = {
  /** How far the clocks are ahead of UTC at this instant. */
  readonly offset: (at: Millis) => Millis;
  /** The instant within `(from, to]` from which on the clocks go otherwise; undefined: they are not changed. */
  readonly change: (from: Millis, to: Millis) => Millis | undefined;
  /** The instants at which the clocks show this local time: two in an hour that comes twice, none in one that is skipped. */
  readonly shown: (local: Millis) => readonly Millis[];
};

export const DAY: Millis = 86_400_000;

/** The zone of this name of the tz database. Between two changes of its clocks there is taken to be more than a day. */
export function zoneOf(name: string): Zone {
  const clocks = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  const offset = (at: Millis) => parseOffset(clocks.format(at));
  const change = (from: Millis, to: Millis) => (offset(from) === offset(to) ? undefined : bisect(offset, from, to));
  const shown = (local: Millis) => {
    const offsets = new Set([offset(local - DAY), offset(local + DAY)]);
    return [...offsets]
      .map((each) => local - each)
      .filter((at) => at + offset(at) === local)
      .sort((a, b) => a - b);
  };
  return { offset, change, shown };
}

/** `1/15/2027, GMT+05:45`; seconds stand there in zones of long ago alone. */
function parseOffset(text: string): Millis {
  const [, sign, hours = 0, minutes = 0, seconds = 0] = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text) ?? [];
  const ahead = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -ahead : ahead;
}

/** The first instant with the offset of `to`, after `from` with another one. */
function bisect(offset: Zone['offset'], from: Millis, to: Millis): Millis {
  const after = offset(to);
  let [before, found] = [from, to];
  while (found - before > 1) {
    const middle = Math.floor((before + found) / 2);
    if (offset(middle) === after) found = middle;
    else before = middle;
  }
  return found;
}
