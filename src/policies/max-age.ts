import { fraction } from '../reconciler/backoff.ts';
import { NOTHING_TO_SAY, type Policy } from './define.ts';

/** The process is older than `max_age.after`; each life by a jitter of its own, which every supervisor finds alike. */
export const maxAge: Policy = ({ max_age: options }, { started, run, now }) => {
  if (!options || started === undefined) return NOTHING_TO_SAY;
  const over = started + options.after + Math.round(fraction(`max_age:${run ?? ''}`) * options.jitter);
  if (now < over) return { lookAt: over };
  const reason = { code: 'max_age', after: options.after } as const;
  const { when, wait: patience } = options;
  return { advice: [{ policy: 'max_age', run, wish: { do: 'restart' }, reason, when, patience }] };
};
