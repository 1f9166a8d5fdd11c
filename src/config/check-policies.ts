import { namesTwice, neverComes } from './cron.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Path } from './source.ts';
import { at, isNothing, type Subject, tooSmall } from './subject.ts';
import { isRecord } from './tree.ts';

/** What no schema can say of memory, cpu, max_age, schedule and update. */
export function checkPolicies(subject: Subject): readonly Diagnostic[] {
  return [
    ...checkMemory(subject),
    ...checkSchedule(subject),
    ...checkUpdate(subject),
    ...POSITIVE.flatMap((path) => (isNothing(at(subject.fields, path)) ? [tooSmall(subject, path)] : [])),
  ];
}

function checkMemory({ fields, wrong }: Subject): readonly Diagnostic[] {
  const { memory } = fields;
  if (!isRecord(memory) || (memory.limit ?? memory.growth ?? undefined) !== undefined) return [];
  const hint = '`limit: 2GiB` is the most it may use, `growth: {by: 500MiB, within: 1h}` finds a leak';
  return [wrong(['memory'], 'needs a `limit`, or `growth`', { code: 'missing_key', hint })];
}

function checkSchedule(subject: Subject): readonly Diagnostic[] {
  const { schedule } = subject.fields;
  const entries: readonly unknown[] = Array.isArray(schedule) ? schedule : [];
  return entries.flatMap((_, index) => [...checkCron(subject, index), ...checkOverlap(subject, index)]);
}

function checkCron({ fields, wrong }: Subject, index: number): readonly Diagnostic[] {
  const value = at(fields, ['schedule', index, 'cron']);
  if (typeof value !== 'string') return [];
  const say = (rule: string, hint: string) => [
    wrong(['schedule', index, 'cron'], `must be ${rule}`, { rule, hint, value }),
  ];
  if (neverComes(value)) {
    const hint = 'minute, hour, day of month, month, day of week; `0 4 1 * *` is the first of every month';
    return say('a time that comes, and no year has such a day', hint);
  }
  const hint = 'a list names something twice, as `1,1-5` does, or `0,7` for Sunday';
  return namesTwice(value) ? say('free of repetitions', hint) : [];
}

function checkOverlap({ fields, wrong }: Subject, index: number): readonly Diagnostic[] {
  const written = at(fields, ['schedule', index, 'overlap']) !== undefined;
  if (!written || at(fields, ['schedule', index, 'action', 'do']) === 'start') return [];
  const rule = 'only with `action: start`';
  return [wrong(['schedule', index, 'overlap'], `has a meaning ${rule}`, { rule, hint: 'leave it out' })];
}

/** The mode may come from the agent and the time from the defaults: then the time waits for an agent that needs it. */
function checkUpdate({ fields, wrong, own }: Subject): readonly Diagnostic[] {
  if (!isRecord(own.update) || (own.update.wait ?? undefined) === undefined) return [];
  if (at(fields, ['update', 'mode']) === 'when_idle') return [];
  const rule = 'only with `mode: when_idle`';
  return [wrong(['update', 'wait'], `has a meaning ${rule}`, { rule, hint: 'leave it out, or write that mode' })];
}

/** Fields that are lengths of time, amounts and shares, and mean nothing, or everything, when they are zero. */
const POSITIVE: readonly (readonly [string, ...Path])[] = [
  ['memory', 'limit'],
  ['memory', 'growth', 'by'],
  ['memory', 'growth', 'within'],
  ['cpu', 'above'],
  ['max_age', 'after'],
];
