/** An agent that has run for an hour, and what policies see of it. */

import type { Opinion, PolicyView } from '../../src/policies/define.ts';
import { noHistory } from '../../src/reconciler/ledger.ts';
import { nothingTold } from '../../src/reconciler/nothing-told.ts';
import type { Activity, Millis, Sample, Told, Vitals } from '../../src/reconciler/types.ts';
import { HOUR, NOW, SECOND } from '../reconciler/base.ts';

export { HOUR, MINUTE, NOW, SECOND, specOf } from '../reconciler/base.ts';

export const MIB = 1024 * 1024;
export const RUN = 'db-1';

export function viewOf(patch: Partial<PolicyView> = {}): PolicyView {
  return {
    alive: true,
    run: RUN,
    started: NOW - HOUR,
    now: NOW,
    wall: NOW,
    vitals: undefined,
    typed: undefined,
    others: [],
    history: { ...noHistory, generation: 1, run: RUN, started: NOW - HOUR },
    advised: [],
    ...patch,
  };
}

/** Samples every five seconds through the last `span` up to `until`; `at` says what each shows, by its age. */
export function samplesOf(span: Millis, at: (age: Millis) => Partial<Sample>, every = 5 * SECOND): Sample[] {
  const count = Math.floor(span / every) + 1;
  return Array.from({ length: count }, (_, index) => {
    const age = (count - 1 - index) * every;
    return { at: NOW - age, rss: 0, pss: undefined, cpu: 0, processes: 1, tools: 0, ...at(age) };
  });
}

export function vitalsOf(samples: readonly Sample[], output?: Millis): Vitals {
  const activity = { state: 'unknown', source: undefined, at: undefined, since: undefined } as const;
  return { run: RUN, samples, activity, output, said: undefined, told: nothingTold };
}

/** What the program does, since `since`, and what else is known because the program is known. */
export function doing(state: Activity['state'], since: Millis, more: Partial<Activity> = {}, told: Partial<Told> = {}) {
  const activity: Activity = { state, source: 'record', at: NOW, since, ...more };
  return { ...vitalsOf([]), activity, told: { ...nothingTold, ...told } };
}

/** `restart: memory_limit` of each piece of advice. */
export const inWords = ({ advice = [] }: Opinion): readonly string[] =>
  advice.map(({ wish, reason }) => `${wish.do}: ${reason.code}`);
