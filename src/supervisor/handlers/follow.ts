import type { ServerResponse } from 'node:http';
import type { Message } from '../../control/protocol.ts';
import { describe } from '../../reconciler/describe.ts';
import { wallOf } from '../../reconciler/offsets.ts';
import type { AgentName, Entry, Millis } from '../../reconciler/types.ts';
import { type AgentView, viewOf } from '../../reconciler/view.ts';
import { type Colony, inputOf } from '../colony.ts';
import { isWell } from '../status-report.ts';
import { LONGEST_TIMER } from '../timer.ts';
import type { Context } from './context.ts';
import { status } from './status.ts';

/** A program that was just started counts as settled when it has lived this long: most mistakes end one at once. */
export const PROOF_OF_LIFE: Millis = 250;

export type Following = {
  /** Whether anything is expected to change at all. */
  readonly changing: boolean;
  /** Give up after this long. */
  readonly within: Millis;
  /** The agents that were asked about; the others need not come to rest. */
  readonly concerns: (agent: AgentName) => boolean;
};

/** Pass on what happens until nothing more is to be expected, or the time is over. */
export function follow(
  { colony, onRest }: Context,
  say: (message: Message) => void,
  following: Following,
  response: ServerResponse,
): Promise<void> {
  return new Promise((resolve) => {
    const unlisten = colony.journal.listen((entry) => say(eventMessage(colony, entry)));
    const offRest = onRest(() => check());
    const deadline = setTimeout(() => finish('timed_out'), Math.min(following.within, LONGEST_TIMER));
    let proof: NodeJS.Timeout | undefined;

    function leave(): void {
      unlisten();
      offRest();
      clearTimeout(deadline);
      clearTimeout(proof);
      resolve();
    }
    function finish(outcome: 'done' | 'unwell' | 'timed_out'): void {
      say({ type: 'settled', outcome, status: status(colony) });
      leave();
    }
    function check(): void {
      clearTimeout(proof);
      const { settled, again } = isSettled(colony, following);
      const ours = views(colony).filter(({ agent }) => following.concerns(agent));
      if (settled) finish(ours.every(isWell) ? 'done' : 'unwell');
      else if (again !== undefined) proof = setTimeout(check, again);
    }
    response.on('close', leave);
  });
}

/** An entry of the journal for who waits; its time is that of the machine's clock. */
export function eventMessage({ journal }: Colony, entry: Entry): Message {
  const { seq } = entry;
  const at = wallOf(journal.ledger.offsets, entry.at);
  const text = describe(entry);
  return 'agent' in entry ? { type: 'event', seq, at, agent: entry.agent, text } : { type: 'event', seq, at, text };
}

function views(colony: Colony): readonly AgentView[] {
  return colony.desired ? viewOf(inputOf(colony, colony.desired)) : [];
}

/** Whether nothing more will happen by itself soon; `again`: ask once more after so many milliseconds. */
function isSettled(colony: Colony, { concerns, changing }: Following): { settled: boolean; again?: Millis } {
  if (!colony.observed.known || [...colony.operations.keys()].some(concerns)) return { settled: false };
  const all = views(colony);
  const ours = all.filter(({ agent }) => concerns(agent));
  if (ours.some((view) => isMoving(view) || waitsForWork(view, all))) return { settled: false };
  if (!changing) return { settled: true };
  const youngest = Math.max(0, ...ours.map(({ phase, session }) => (phase === 'ready' ? (session?.started ?? 0) : 0)));
  const age = colony.clock() - youngest;
  return age >= PROOF_OF_LIFE ? { settled: true } : { settled: false, again: PROOF_OF_LIFE - age };
}

/** The next pass will do something with it: start it, stop it, or bring its session up to the file. */
function isMoving({ phase, drift, session, waits }: AgentView): boolean {
  if (phase === 'starting' || phase === 'stopping') return true;
  return drift.length > 0 && !waits && session?.main.state === 'alive';
}

/**
 * Whether it waits for a program that is at work and will end.
 *
 * Any other dependency is either there, and then it does not wait, or has come to rest without being there, and then
 * waiting is all that it will ever do.
 */
function waitsForWork(
  { agent, phase, spec }: AgentView,
  all: readonly AgentView[],
  seen: readonly string[] = [],
): boolean {
  // Settings of different age, as `--target` leaves them, may depend on each other in a circle.
  if (phase !== 'pending' || seen.includes(agent)) return false;
  const needs = Object.entries(spec?.depends_on ?? {});
  return needs.some(([need, { condition }]) => {
    const other = all.find((view) => view.agent === need);
    if (!other) return false;
    return (condition === 'completed' && other.phase === 'ready') || waitsForWork(other, all, [...seen, agent]);
  });
}
