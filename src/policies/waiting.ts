import { NOTHING_TO_SAY, type Policy, wishOf } from './define.ts';

/** The agent waits for a person since `waiting.after`, and nobody came. Over as soon as it is answered. */
export const waiting: Policy = ({ waiting: options }, { vitals, run, now }) => {
  const wish = options && wishOf(options.action);
  const { state, since, for: what } = vitals?.activity ?? {};
  if (!wish || state !== 'waiting' || since === undefined) return NOTHING_TO_SAY;
  const due = since + options.after;
  if (now < due) return { lookAt: due };
  const reason = { code: 'waiting', for: what, after: options.after } as const;
  return { advice: [{ policy: 'waiting', run, wish, reason, when: 'now', patience: PATIENCE }] };
};

/** Whoever types there is about to answer it. */
const PATIENCE = 600_000;
