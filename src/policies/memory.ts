import type { Bytes, Sample } from '../reconciler/types.ts';
import type { MemorySpec } from '../spec/memory.ts';
import { NOTHING_TO_SAY, type Policy, wishOf } from './define.ts';
import { dueAfter, samplesOf } from './samples.ts';

/** The process tree uses more memory than `memory.limit`, and did so all through `memory.for`. */
export const memory: Policy = ({ memory: options }, { vitals, run, now }) => {
  const limit = options?.limit;
  const wish = options && wishOf(options.action);
  if (!options || limit === undefined || !wish || !vitals) return NOTHING_TO_SAY;
  const isAbove = (sample: Sample) => (memoryOf(sample, options.measure) ?? 0) > limit;
  const seen = samplesOf(vitals.samples, options.for, now);
  const last = seen?.at(-1);
  if (!last || !seen?.every(isAbove)) return { measureAt: dueAfter(vitals.samples, options.for, now, isAbove) };
  const used = memoryOf(last, options.measure) ?? 0;
  const reason = { code: 'memory_limit', used, limit, for: options.for } as const;
  return { advice: [{ policy: 'memory', run, wish, reason, when: options.when, patience: options.wait }] };
};

/** What a look has measured in the way that is asked for; undefined where the system does not tell. */
export function memoryOf({ rss, pss }: Sample, measure: MemorySpec['measure']): Bytes | undefined {
  return measure === 'pss' ? pss : rss;
}
