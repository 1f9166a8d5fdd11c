import { formatSpan } from '../reconciler/span.ts';
import type { Finding } from '../reconciler/types/health.ts';
import type { Reported, Sample, Vitals } from '../reconciler/types/vitals.ts';
import type { Millis } from '../spec/define.ts';
import type { ProbeSpec } from '../spec/probes.ts';
import { inTime } from './deadline.ts';
import { healthy, type Look, unhealthy, unknown } from './look.ts';

type Activity = NonNullable<ProbeSpec['activity']>;

/** Less than this share of a core is a program that does nothing but wait: event loops and timers stay below it. */
const RESTING_CPU = 0.02;

/** The same for one that draws a sign that spins for as long as it waits. */
const SPINNING_CPU = 0.2;

/** The newest look at the processes may be this old, or nothing is known of the present. */
const FRESH: Millis = 30_000;

/** Whether the program does anything at all. */
export async function activity(options: Activity, look: Look): Promise<Finding> {
  const { ask, agent, run, timeout, cancel } = look;
  const unchanged = await inTime(ask.unchangedSince(look), timeout, cancel);
  if (!unchanged) return unknown('tmux did not say in time what the pane shows');
  if (!unchanged.ok) return unknown(unchanged.error);
  return judgeActivity(options, ask.vitals(agent), ask.reported(run), { ...look, unchanged: unchanged.value });
}

/**
 * A program hangs if it should be at work and shows no sign of life: no output, no use of the CPU, no tool that runs
 * for it, and nothing that it reports. Silence alone is never a hang: a build may be silent for an hour.
 *
 * `unchanged`: since when the screen of a program says the same that prints all the time, whatever it does.
 */
export function judgeActivity(
  { silent_for: limit, while: when }: Activity,
  vitals: Vitals | undefined,
  reported: Reported | undefined,
  { run, started, now, unchanged }: Pick<Look, 'run' | 'started' | 'now'> & { readonly unchanged?: Millis | undefined },
): Finding {
  if (!vitals || vitals.run !== run) return unknown('it was not measured yet');
  const rest = judgeState(when, vitals.activity);
  if (rest) return rest;
  const shown = unchanged ?? vitals.output;
  const silence = now - Math.max(started, ...signsOfLife({ ...vitals, output: shown }, reported));
  if (silence < limit) return healthy(`it was heard of ${formatSpan(Math.max(0, silence))} ago`);
  const resting = unchanged === undefined ? RESTING_CPU : SPINNING_CPU;
  return (
    judgeSamples(vitals.samples, { from: now - limit, now, resting }) ??
    unhealthy(`no sign of life for ${formatSpan(silence)}`)
  );
}

/** What it is doing, where that alone decides: who is not at work may be silent. */
function judgeState(when: Activity['while'], { state, source }: Vitals['activity']): Finding | undefined {
  if (state === 'waiting' || state === 'limited') return healthy(`it is ${state}`);
  // That it is idle may be guessed from the very silence that is to be judged; `always` asks to judge it all the same.
  if (state === 'idle' && !(when === 'always' && source === 'output')) return healthy('it is idle');
  return when === 'busy' && state !== 'busy' ? unknown('nobody knows whether it is at work') : undefined;
}

/** What the program has shown or said, as instants. */
function signsOfLife({ output, said }: Vitals, reported: Reported | undefined): readonly Millis[] {
  const { heartbeat, ready, state, status } = reported ?? {};
  return [output, said?.at, heartbeat, ready, state?.at, status?.at].filter((at) => at !== undefined);
}

/** What the processes say; undefined: nothing was done since `from`. Only a time that was measured throughout counts. */
function judgeSamples(
  samples: readonly Sample[],
  { from, now, resting }: { readonly from: Millis; readonly now: Millis; readonly resting: number },
): Finding | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || first.at > from) return unknown('it was not measured for long enough');
  if (now - last.at > FRESH) return unknown('it was not measured lately');
  const within = samples.filter(({ at }) => at >= from);
  if (within.some(({ cpu }) => cpu === undefined)) return unknown('its use of the CPU is not known throughout');
  if (within.some(({ cpu = 0 }) => cpu >= resting)) return healthy('it uses the CPU');
  if (within.some(({ tools }) => tools > 0)) return healthy('a tool runs for it');
  return undefined;
}
