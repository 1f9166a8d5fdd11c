import { NOTHING_TO_SAY, type Policy, wishOf } from './define.ts';
import { samplesOf } from './samples.ts';

/** The process tree keeps the CPU busier than `cpu.above`, and did so all through `cpu.for`: it may be spinning. */
export const cpu: Policy = ({ cpu: options }, { vitals, run, now }) => {
  const wish = options && wishOf(options.action);
  if (!wish || !vitals) return NOTHING_TO_SAY;
  const { above, for: span } = options;
  const silent = options.while === 'silent';
  if (silent && vitals.output !== undefined && vitals.output > now - span) return NOTHING_TO_SAY;
  const uses = samplesOf(vitals.samples, span, now)?.map((sample) => sample.cpu);
  const last = uses?.at(-1);
  if (last === undefined || !uses?.every((use) => use !== undefined && use > above)) return NOTHING_TO_SAY;
  const reason = { code: 'cpu_busy', cpu: last, above, for: span, silent } as const;
  return { advice: [{ policy: 'cpu', run, wish, reason, when: 'now', patience: options.wait }] };
};
