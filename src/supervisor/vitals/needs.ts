import type { AgentSpec, Millis } from '../../reconciler/types.ts';
import { QUIET } from './activity.ts';

/** How far back samples are kept that nobody but `status` has asked for. */
export const SHORT: Millis = 2 * QUIET;

/**
 * How far back anything looks that an agent is set up with, and so for how long its samples are kept.
 *
 * undefined: nothing does, and nobody needs to look at its processes unless asked.
 */
export function horizonOf(spec: AgentSpec): Millis | undefined {
  const known = horizons.get(spec);
  if (known) return known.horizon;
  const horizon = computed(spec);
  horizons.set(spec, { horizon });
  return horizon;
}

/** Every pass asks, and a spec never changes. */
const horizons = new WeakMap<AgentSpec, { readonly horizon: Millis | undefined }>();

function computed(spec: AgentSpec): Millis | undefined {
  const looks = [
    ...memoryLooks(spec),
    ...cpuLooks(spec),
    ...activityLooks(spec),
    ...(asksForIdle(spec) || asksForActivity(spec) ? [SHORT] : []),
  ];
  return looks.length === 0 ? undefined : Math.max(SHORT, ...looks);
}

function memoryLooks({ memory }: AgentSpec): readonly Millis[] {
  if (!memory || (memory.limit === undefined && memory.growth === undefined)) return [];
  return [memory.for, ...(memory.growth ? [memory.growth.within] : [])];
}

function cpuLooks({ cpu }: AgentSpec): readonly Millis[] {
  return cpu ? [cpu.for] : [];
}

function activityLooks({ probes }: AgentSpec): readonly Millis[] {
  return Object.values(probes)
    .flat()
    .flatMap(({ activity }) => (activity ? [activity.silent_for] : []));
}

/** Whether something follows from what the agent does, or says. */
function asksForActivity({ context, idle, limit, waiting, completion }: AgentSpec): boolean {
  return [context, idle, limit, waiting, completion].some((section) => section !== undefined);
}

/** Whether something waits for the agent to be idle. */
function asksForIdle({ update, memory, max_age, schedule }: AgentSpec): boolean {
  return (
    update.mode === 'when_idle' ||
    memory?.when === 'idle' ||
    max_age?.when === 'idle' ||
    schedule.some(({ when }) => when === 'idle')
  );
}
