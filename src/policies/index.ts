import type { Advice, AgentSpec, Event, Millis } from '../reconciler/types.ts';
import { completion } from './completion.ts';
import { context } from './context.ts';
import { cpu } from './cpu.ts';
import { NOTHING_TO_SAY, type Opinion, type Policy, type PolicyView } from './define.ts';
import { earliest } from './earliest.ts';
import { idle } from './idle.ts';
import { limit } from './limit.ts';
import { maxAge } from './max-age.ts';
import { memory } from './memory.ts';
import { memoryGrowth } from './memory-growth.ts';
import { strongestFirst } from './precedence.ts';
import { waiting } from './waiting.ts';

/** What is said about a program that runs, also while it comes up: a dialog at its start keeps it from doing so. */
const ALWAYS: readonly Policy[] = [completion, waiting];

/** What is said about a program that has come up. */
const ONCE_UP: readonly Policy[] = [memory, memoryGrowth, cpu, context, limit, idle, maxAge];

/** What all policies together say about one agent. */
export type Counsel = {
  /** The strongest first. */
  readonly advice: readonly Advice[];
  readonly events: readonly Event[];
  readonly lookAt: Millis | undefined;
  readonly measureAt: Millis | undefined;
};

/**
 * Ask every policy about one agent.
 *
 * `schedule` is the policy of that name for an agent that has one: it comes from outside because its calendar is heavy,
 * and most colonies need none.
 */
export function advise(spec: AgentSpec, view: PolicyView, schedule?: Policy): Counsel {
  const policies = [...(view.alive ? ALWAYS : []), ...(isUp(spec, view) ? ONCE_UP : [])];
  const opinions = [...policies.map((policy) => policy(spec, view)), schedule?.(spec, view) ?? NOTHING_TO_SAY];
  return {
    advice: strongestFirst(opinions.flatMap(({ advice = [] }) => advice)),
    events: opinions.flatMap(({ events = [] }) => events),
    lookAt: earliest(opinions.map(({ lookAt }) => lookAt)),
    measureAt: earliest(opinions.map(({ measureAt }) => measureAt)),
  };
}

/** Whether policies have anything to say about an agent with these settings. */
export function hasPolicies(spec: AgentSpec): boolean {
  return spec.schedule.length > 0 || SECTIONS.some((section) => spec[section] !== undefined);
}

const SECTIONS = ['memory', 'cpu', 'max_age', 'context', 'idle', 'limit', 'waiting', 'completion'] as const;

/** What a program does while it comes up says nothing of how it will do. */
function isUp({ probes }: AgentSpec, { alive, history }: PolicyView): boolean {
  return alive && (probes.startup.length === 0 || history.health.startup?.is === 'healthy');
}

export type { Opinion, Policy, PolicyView };
