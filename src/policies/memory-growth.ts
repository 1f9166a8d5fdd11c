import type { Bytes, Millis, Sample } from '../reconciler/types.ts';
import { NOTHING_TO_SAY, type Policy, wishOf } from './define.ts';
import { memoryOf } from './memory.ts';
import { samplesOf } from './samples.ts';

/**
 * In so many parts the time is cut, and memory must be higher in each than in the one before. With six of them neither
 * a start-up, nor one big step, nor the rise of a garbage collector's saw can last through all.
 */
const PARTS = 6;

/** The memory of the process tree grew all through `memory.growth.within`: a leak. */
export const memoryGrowth: Policy = ({ memory: options }, { vitals, run, now }) => {
  const growth = options?.growth;
  const wish = options && wishOf(options.action);
  if (!options || !growth || !wish || !vitals) return NOTHING_TO_SAY;
  const samples = samplesOf(vitals.samples, growth.within, now);
  const floors = samples && floorsOf(samples, growth.within, now, (sample) => memoryOf(sample, options.measure));
  const grown = floors && risen(floors);
  if (grown === undefined || grown < growth.by) return NOTHING_TO_SAY;
  const reason = { code: 'memory_growth', grown, within: growth.within } as const;
  return { advice: [{ policy: 'memory_growth', run, wish, reason, when: options.when, patience: options.wait }] };
};

/** The least that was used in each part: what a garbage collector would leave. undefined: a part was not measured. */
function floorsOf(
  samples: readonly Sample[],
  within: Millis,
  now: Millis,
  measure: (sample: Sample) => Bytes | undefined,
): readonly Bytes[] | undefined {
  const start = now - within;
  const floors = Array.from({ length: PARTS }, () => Number.POSITIVE_INFINITY);
  for (const sample of samples) {
    const used = measure(sample);
    if (used === undefined) return undefined;
    const part = Math.min(PARTS - 1, Math.max(0, Math.floor(((sample.at - start) / within) * PARTS)));
    floors[part] = Math.min(floors[part] ?? used, used);
  }
  return floors.every(Number.isFinite) ? floors : undefined;
}

/** How much the last is above the first if each is above the one before; undefined otherwise. */
function risen(floors: readonly Bytes[]): Bytes | undefined {
  const [first = 0] = floors;
  const rising = floors.every((floor, index) => index === 0 || floor > (floors[index - 1] ?? floor));
  return rising ? (floors.at(-1) ?? first) - first : undefined;
}
