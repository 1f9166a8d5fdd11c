import type { LastLines, RunRecord } from '../../reconciler/runs.ts';
import type { AgentName, Desired, Millis } from '../../reconciler/types.ts';

/** How much of the past is kept, for each agent. */
export type Limits = { readonly keep: number; readonly ttl: Millis };

/** What is kept if no configuration says otherwise. */
export const DEFAULT_LIMITS: Limits = { keep: 20, ttl: 7 * 86_400_000 };

/** What the configuration in force says. */
export function limitsOf({ desired }: { readonly desired: Desired | undefined }): Limits {
  return desired?.history ?? DEFAULT_LIMITS;
}

/** Lives that have ended, oldest first for each agent, within limits. */
export class Past {
  readonly #agents = new Map<AgentName, RunRecord[]>();

  /** The same life again replaces what was known of it. */
  add(record: RunRecord, { keep }: Limits): void {
    const before = (this.#agents.get(record.agent) ?? []).filter(({ run }) => run !== record.run);
    this.#agents.set(record.agent, [...before, record].slice(-keep));
  }

  /** The life that these lines are the last of, with them; undefined: it is not known. */
  finish({ agent, run, tail }: LastLines, limits: Limits): RunRecord | undefined {
    const record = this.#agents.get(agent)?.find((each) => each.run === run);
    if (!record) return undefined;
    const whole = { ...record, tail };
    this.add(whole, limits);
    return whole;
  }

  /** Forget what is too old or too much by now; what is left. */
  within({ keep, ttl }: Limits, now: Millis): readonly RunRecord[] {
    for (const [agent, records] of this.#agents) {
      const kept = records.slice(-keep).filter(({ ended }) => (ended ?? now) > now - ttl);
      if (kept.length === 0) this.#agents.delete(agent);
      else this.#agents.set(agent, kept);
    }
    return [...this.#agents.values()].flat();
  }

  get agents(): readonly AgentName[] {
    return [...this.#agents.keys()];
  }
}
