import { formatSpan } from '../reconciler/span.ts';
import type { Finding } from '../reconciler/types/health.ts';
import type { Reported, Sample, Vitals } from '../reconciler/types/vitals.ts';
import type { Millis } from '../spec/define.ts';
import type { ProbeSpec } from '../spec/probes.ts';
import { healthy, type Look, unhealthy, unknown } from './look.ts';

type Activity = NonNullable<ProbeSpec['activity']>;

/** Less than this share of a core is a program that does nothing but wait: event loops and timers stay below it. */
const RESTING_CPU = 0.02;

/** The newest look at the processes may be this old, or nothing is known of the present. */
const FRESH: Millis = 30_000;

/** Whether the program does anything at all. */
export function activity(options: Activity, look: Look): Finding {
  const { ask, agent, run } = look;
  return judgeActivity(options, ask.vitals(agent), ask.reported(run), look);
}

/**
 * A program hangs if it should be at work and shows no sign of life: no output, no use of the CPU, no tool that runs
 * for it, and nothing that it reports. Silence alone is never a hang: a build may be silent for an hour.
 */
export function judgeActivity(
  { silent_for: limit, while: when }: Activity,
  vitals: Vitals | undefined,
  reported: Reported | undefined,
  { run, started, now }: Pick<Look, 'run' | 'started' | 'now'>,
): Finding {
  if (!vitals || vitals.run !== run) return unknown('it was not measured yet');
  const { state, source } = vitals.activity;
  if (state === 'waiting' || state === 'limited') return healthy(`it is ${state}`);
  // That it is idle may be guessed from the very silence that is to be judged; `always` asks to judge it all the same.
  if (state === 'idle' && !(when === 'always' && source === 'output')) return healthy('it is idle');
  if (when === 'busy' && state !== 'busy') return unknown('nobody knows whether it is at work');
  const silence = now - Math.max(started, ...signsOfLife(vitals, reported));
  if (silence < limit) return healthy(`it was heard of ${formatSpan(Math.max(0, silence))} ago`);
  return judgeSamples(vitals.samples, now - limit, now) ?? unhealthy(`no sign of life for ${formatSpan(silence)}`);
}

/** What the program has shown or said, as instants. */
function signsOfLife({ output, said }: Vitals, reported: Reported | undefined): readonly Millis[] {
  const { heartbeat, ready, state, status } = reported ?? {};
  return [output, said?.at, heartbeat, ready, state?.at, status?.at].filter((at) => at !== undefined);
}

/** What the processes say; undefined: nothing was done since `from`. Only a time that was measured throughout counts. */
function judgeSamples(samples: readonly Sample[], from: Millis, now: Millis): Finding | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || first.at > from) return unknown('it was not measured for long enough');
  if (now - last.at > FRESH) return unknown('it was not measured lately');
  const within = samples.filter(({ at }) => at >= from);
  if (within.some(({ cpu }) => cpu === undefined)) return unknown('its use of the CPU is not known throughout');
  if (within.some(({ cpu = 0 }) => cpu >= RESTING_CPU)) return healthy('it uses the CPU');
  if (within.some(({ tools }) => tools > 0)) return healthy('a tool runs for it');
  return undefined;
}
