import type { Advice, AgentName, AgentSpec, Event, History, Millis, RunId, Vitals, Wish } from '../reconciler/types.ts';
import type { ActionSpec } from '../spec/action.ts';

/** What a policy may know of one agent. Time is an argument: a policy has no clock. */
export type PolicyView = {
  /** Its program runs; `run`, `started` and `vitals` then belong to this life. */
  readonly alive: boolean;
  readonly run: RunId | undefined;
  readonly started: Millis | undefined;
  /** On the steady clock, on which durations are measured. */
  readonly now: Millis;
  /** The same instant on the wall clock, which people set, and by which schedules go. */
  readonly wall: Millis;
  /** undefined: this life was not measured yet. */
  readonly vitals: Vitals | undefined;
  /** When a person last pressed a key in its terminal, or attached to it. */
  readonly typed: Millis | undefined;
  /** The agents that run and use the same account. */
  readonly others: readonly AgentName[];
  readonly history: History;
  /** What the policies said of this agent at the look before. */
  readonly advised: readonly Advice[];
};

/** What a policy has to say: most of the time nothing. */
export type Opinion = {
  readonly advice?: readonly Advice[];
  /** What is to be written down, although nothing has to be done. */
  readonly events?: readonly Event[];
  /** On the steady clock: ask again then. */
  readonly lookAt?: Millis | undefined;
  /** On the steady clock: measure again then, and ask again. */
  readonly measureAt?: Millis | undefined;
};

/** A pure function from one agent, as the file asks for it and as it is, to an opinion. */
export type Policy = (spec: AgentSpec, view: PolicyView) => Opinion;

export const NOTHING_TO_SAY: Opinion = {};

/** What the action of a section of colony.yaml asks for; undefined for `none`. */
export function wishOf(action: ActionSpec): Wish | undefined {
  if ('send' in action) return { do: 'send', text: action.send };
  return action.do === 'none' ? undefined : { do: action.do };
}
