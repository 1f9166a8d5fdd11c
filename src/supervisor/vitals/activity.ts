import type { Sign } from '../../agents/reading.ts';
import type { Activity, Millis, Reported, Sample, Saying } from '../../reconciler/types.ts';

/** Nothing is known of what a program does. */
export const NOTHING_KNOWN: Activity = {
  state: 'unknown',
  source: undefined,
  at: undefined,
  since: undefined,
};

/** Output that is not older than this is a sign of work. */
const LIVELY: Millis = 10_000;

/** A program that neither prints nor computes for this long has nothing to do. */
export const QUIET: Millis = 30_000;

/** Use of the CPU from which on a program is at work: a waiting one with a clock or a spinner on its screen stays below. */
const WORKING = 0.05;

/** A guess that nothing has confirmed for this long is none, and a sample that stands for more says nothing of now. */
const STALE: Millis = 60_000;

/** What is known of one run when its activity is judged. */
export type Signs = {
  readonly now: Millis;
  /** When the program was started: what is older was another life's. */
  readonly started: Millis | undefined;
  readonly reported: Reported['state'];
  /** The last output of this life. */
  readonly output: Millis | undefined;
  /** Oldest first. */
  readonly samples: readonly Sample[];
  /** What was thought before. */
  readonly before: Activity;
};

type Guess = Saying & Pick<Activity, 'source' | 'at'>;

/** What a program of a known kind is doing: what the sign says that counts. What came before decides since when. */
export function activityBy(sign: Sign | undefined, before: Activity): Activity {
  if (!sign) return NOTHING_KNOWN;
  const { state, for: what, until, source, at, since } = sign;
  const same = state === before.state && what === before.for && before.since !== undefined;
  const began = same ? Math.max(before.since ?? at, since ?? 0) : (since ?? at);
  return {
    ...{ state, source, at, since: began },
    ...(what === undefined ? {} : { for: what }),
    ...(until === undefined ? {} : { until }),
  };
}

/**
 * What every program may say itself, and what its output makes likely, as signs. That a program which takes prompts has
 * nothing to do is not guessed: it may show a dialog that nobody knows.
 */
export function commonSigns(signs: Signs): readonly Sign[] {
  const report = said(signs);
  const guess = guessed(signs);
  return [
    ...(report?.at === undefined
      ? []
      : [
          {
            ...report,
            source: 'report' as const,
            at: report.at,
            since: report.at,
            text: `it has reported ${report.state}`,
          },
        ]),
    ...(guess.state === 'busy' && guess.at !== undefined
      ? [{ ...guess, source: 'output' as const, at: guess.at, text: 'it prints, or computes' }]
      : []),
  ];
}

/** What a program is doing: what it says itself, else what its output and its use of the CPU make likely. */
export function activityOf(signs: Signs): Activity {
  const { before } = signs;
  const guess = said(signs) ?? guessed(signs);
  const same = guess.state === before.state;
  if (same && guess.at === before.at && guess.source === before.source) return before;
  const since = same ? before.since : guess.state === 'unknown' ? undefined : guess.at;
  return { ...guess, since };
}

function said({ reported, started }: Signs): Guess | undefined {
  if (!reported || (started !== undefined && reported.at < started)) return undefined;
  return { state: reported.state, source: 'report', at: reported.at };
}

function guessed(signs: Signs): Guess {
  const { now, output, samples, before } = signs;
  const last = samples.at(-1);
  const confirmed = last !== undefined && now - last.at < LIVELY ? last.at : undefined;
  if (output !== undefined && now - output < LIVELY) return { state: 'busy', source: 'output', at: output };
  if (confirmed !== undefined && isWorking(samples, now)) return { state: 'busy', source: 'output', at: confirmed };
  if (confirmed !== undefined && isQuiet(signs)) return { state: 'idle', source: 'output', at: confirmed };
  return before.source === 'output' && before.at !== undefined && now - before.at < STALE ? before : NOTHING_KNOWN;
}

function isWorking(samples: readonly Sample[], now: Millis): boolean {
  const span = spans(samples).at(-1);
  return span !== undefined && now - span.from < STALE && span.cpu >= WORKING;
}

/** Seen to do nothing all through the time that counts, and to have nothing else do its work. */
function isQuiet({ now, output, samples }: Signs): boolean {
  const since = now - QUIET;
  if (output !== undefined && output > since) return false;
  const covered = samples[0] !== undefined && samples[0].at <= since;
  const recent = spans(samples).filter(({ to }) => to > since);
  return covered && recent.every(({ cpu }) => cpu < WORKING) && samples.at(-1)?.tools === 0;
}

/** The times between samples. The first sample ends a time that nothing is known of. */
function spans(samples: readonly Sample[]): { readonly from: Millis; readonly to: Millis; readonly cpu: number }[] {
  return samples.slice(1).map(({ at, cpu = 0 }, i) => ({ from: samples[i]?.at ?? at, to: at, cpu }));
}
