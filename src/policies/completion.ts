import { NOTHING_TO_SAY, type Policy } from './define.ts';

/** How long the end of a turn, or a person who types, is waited for. */
const PATIENCE = 600_000;

/** The longest text that a reason carries: a line of a terminal or two. */
const LONGEST = 200;

/**
 * What `completion` names as the sign that the work is done was seen in this life: the agent is stopped for good,
 * whatever its restart policy says.
 *
 * A line of output may come in the middle of a turn; programs that are known to have turns are let to end it.
 */
export const completion: Policy = (spec, view) => {
  const sign = view.vitals?.told.marker?.trim();
  if (spec.completion === undefined || sign === undefined) return NOTHING_TO_SAY;
  const text = sign.length > LONGEST ? `${sign.slice(0, LONGEST)}…` : sign;
  const when = spec.kind === 'shell' ? 'now' : 'idle';
  const advice = { policy: 'completion', run: view.run, wish: { do: 'stop' }, when, patience: PATIENCE } as const;
  return { advice: [{ ...advice, reason: { code: 'work_done', text } }] };
};
