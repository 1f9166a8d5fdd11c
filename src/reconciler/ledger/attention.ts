import type { History } from '../types.ts';
import type { Change } from './entry.ts';
import { ofRun } from './run.ts';

/** What the program does is something that a person ought to know of. */
export const noticed: Change<'attention'> = (history, { run, state, for: what, until, at }) => {
  const more = { ...(what === undefined ? {} : { for: what }), ...(until === undefined ? {} : { until }) };
  const since = history.attention?.state === state ? history.attention.since : at;
  return ofRun(history, run, { attention: { state, ...more, since } });
};

/** A person need not look after it any more. */
export const attentionOver: Change<'attention_over'> = (history, { run }) =>
  ofRun(history, run, { attention: undefined });

/** A usage limit is that of an account: it lasts over the end of a program, and its conversation waits for the reset. */
export function lastingAttention({ attention }: History): History['attention'] {
  return attention?.state === 'limited' ? attention : undefined;
}
