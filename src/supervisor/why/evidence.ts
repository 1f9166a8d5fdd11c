import type { WhyReport } from '../../control/protocol.ts';
import type { Activity, Evidence, Millis, Offset, Source, Vitals } from '../../reconciler/types.ts';
import { ageOf, resetOf } from '../wall-time.ts';

type Row = WhyReport['evidence'][number];

/** The ladder: who is believed first. */
const LADDER = [
  'report',
  'record',
  'title',
  'hook',
  'transcript',
  'screen',
  'journal',
  'output',
] as const satisfies readonly Source[];

/** What stands for a source that keeps no words of its own. */
const WORDS: Partial<Record<Source, string>> = {
  report: 'it said so by `colony notify`',
  output: 'guessed from its output and its use of the CPU',
};

/**
 * What each source says of what the program is doing, the most trustworthy first, and which one counts.
 */
export function evidenceOf({ activity, told }: Vitals, now: Millis, offsets: readonly Offset[] = []): readonly Row[] {
  const heard = told.evidence.some(({ source }) => source === activity.source);
  const all = heard ? told.evidence : [...told.evidence, ...inItself(activity)];
  const sorted = [...all].sort((a, b) => LADDER.indexOf(a.source) - LADDER.indexOf(b.source));
  return sorted.map((each) => rowOf(each, each.source === activity.source, now, offsets));
}

function inItself({ source, at, since: _, ...saying }: Activity): readonly Evidence[] {
  if (source === undefined || at === undefined) return [];
  return [{ ...saying, source, at, text: WORDS[source] ?? '' }];
}

function rowOf(
  { source, state, for: what, until, at, text }: Evidence,
  counts: boolean,
  now: Millis,
  offsets: readonly Offset[],
): Row {
  return {
    source,
    state,
    ...(what === undefined ? {} : { for: what }),
    ...(until === undefined ? {} : { until: resetOf(offsets, until) }),
    age_ms: ageOf(offsets, at, now),
    text,
    counts,
  };
}
