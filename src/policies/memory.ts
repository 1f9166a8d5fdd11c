import type { Bytes, Sample } from '../reconciler/types.ts';
import type { MemorySpec } from '../spec/memory.ts';
import { NOTHING_TO_SAY, type Policy, wishOf } from './define.ts';
import { samplesOf } from './samples.ts';

/** The process tree uses more memory than `memory.limit`, and did so all through `memory.for`. */
export const memory: Policy = ({ memory: options }, { vitals, run, now }) => {
  const limit = options?.limit;
  const wish = options && wishOf(options.action);
  if (!options || limit === undefined || !wish || !vitals) return NOTHING_TO_SAY;
  const used = samplesOf(vitals.samples, options.for, now)?.map((sample) => memoryOf(sample, options.measure));
  const last = used?.at(-1);
  if (last === undefined || !used?.every((each) => each !== undefined && each > limit)) return NOTHING_TO_SAY;
  const reason = { code: 'memory_limit', used: last, limit, for: options.for } as const;
  return { advice: [{ policy: 'memory', run, wish, reason, when: options.when, patience: options.wait }] };
};

/** What a look has measured in the way that is asked for; undefined where the system does not tell. */
export function memoryOf({ rss, pss }: Sample, measure: MemorySpec['measure']): Bytes | undefined {
  return measure === 'pss' ? pss : rss;
}
