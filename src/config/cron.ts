/** What one of the five fields may hold. */
type Field = { readonly low: number; readonly high: number; readonly names: readonly string[] };

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const FIELDS: readonly Field[] = [
  { low: 0, high: 59, names: [] },
  { low: 0, high: 23, names: [] },
  { low: 1, high: 31, names: [] },
  { low: 1, high: 12, names: MONTHS },
  { low: 0, high: 7, names: DAYS },
];

/** How long the months can be. */
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a text is five cron fields of numbers, names, `*`, lists, ranges and steps. */
export function isCron(text: string): boolean {
  return parse(text) !== undefined;
}

/** Whether five cron fields mean days alone that no year has, such as 31 April. */
export function neverComes(text: string): boolean {
  const [, , days = [], months = [], weekdays] = parse(text) ?? [];
  // With a day of the week as well, either of the two is enough.
  if (!text.trim().endsWith('*') || !weekdays) return false;
  return months.every((month) => days.every((day) => day > (LONGEST[month - 1] ?? 31)));
}

/** Whether a list names something twice, as `1,1-5` does: that is a slip, and the calendar does not take it. */
export function namesTwice(text: string): boolean {
  return (parse(text) ?? []).some((numbers) => new Set(numbers).size < numbers.length);
}

/** The numbers that each field means, as often as its list names them; undefined: it is no cron expression. */
function parse(text: string): readonly (readonly number[])[] | undefined {
  const written = text.trim().split(/\s+/);
  if (written.length !== FIELDS.length) return undefined;
  const fields = FIELDS.map((field, index) => parseField(written[index] ?? '', field));
  const known = fields.filter((numbers) => numbers !== undefined);
  return known.length === fields.length ? known : undefined;
}

function parseField(text: string, field: Field): readonly number[] | undefined {
  const items = text.split(',').map((item) => parseItem(item, field));
  const known = items.filter((numbers) => numbers !== undefined);
  // Sunday is 0 and 7.
  return known.length === items.length
    ? known.flatMap((each) => [...new Set(each.map((n) => (field.high === 7 ? n % 7 : n)))])
    : undefined;
}

function parseItem(item: string, field: Field): readonly number[] | undefined {
  const [, all, first, last, step] =
    /^(?:(\*)|(\d{1,2}|[a-z]{3})(?:-(\d{1,2}|[a-z]{3}))?)(?:\/([1-9]\d?))?$/i.exec(item) ?? [];
  if (all === undefined && first === undefined) return undefined;
  const from = first === undefined ? field.low : numberOf(first, field);
  const open = all !== undefined || step !== undefined;
  const to = last === undefined ? (open ? field.high : from) : numberOf(last, field);
  if (from === undefined || to === undefined || from > to) return undefined;
  const by = Number(step ?? 1);
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
}

function numberOf(text: string, { low, high, names }: Field): number | undefined {
  const index = names.indexOf(text.toLowerCase());
  const number = index === -1 ? Number(text) : low + index;
  return number >= low && number <= high ? number : undefined;
}
