import type { AgentSpec } from '../reconciler/types.ts';
import { NOTHING_TO_SAY, type Policy, type PolicyView } from './define.ts';

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
  const sign = signOf(spec, view);
  if (sign === undefined) return NOTHING_TO_SAY;
  const text = sign.length > LONGEST ? `${sign.slice(0, LONGEST)}…` : sign;
  const when = spec.kind === 'shell' ? 'now' : 'idle';
  const advice = { policy: 'completion', run: view.run, wish: { do: 'stop' }, when, patience: PATIENCE } as const;
  return { advice: [{ ...advice, reason: { code: 'work_done', text } }] };
};

function signOf({ completion: options }: AgentSpec, { vitals, started }: PolicyView): string | undefined {
  if (!options || !vitals) return undefined;
  const { marker, answer } = vitals.told;
  if (options.output !== undefined && marker !== undefined) return marker.trim();
  // A conversation that goes on may still end with what was answered in an earlier life.
  if (options.answer === undefined || !answer || answer.at < (started ?? 0)) return undefined;
  const match = new RegExp(options.answer, 'm').exec(answer.text);
  return match ? lineAround(answer.text, match.index) : undefined;
}

/** The line in which a match begins. */
function lineAround(text: string, index: number): string {
  const end = text.indexOf('\n', index);
  return text.slice(text.lastIndexOf('\n', index - 1) + 1, end === -1 ? undefined : end).trim();
}
