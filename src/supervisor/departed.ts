import { readFileSync } from 'node:fs';
import type { AgentName, AgentSpec } from '../reconciler/types.ts';
import type { Saver } from './state/saver.ts';

/**
 * What the file said last of agents that it does not name any more, as far as a hook still has to run for them.
 *
 * It stands in a file of its own, so that the next supervisor asks the same hooks before it ends their programs.
 */
export class Departed {
  readonly #path: string;
  readonly #saver: Saver;
  readonly #specs: Map<AgentName, AgentSpec>;

  constructor(path: string, saver: Saver) {
    this.#path = path;
    this.#saver = saver;
    this.#specs = new Map(load(path));
  }

  get(agent: AgentName): AgentSpec | undefined {
    return this.#specs.get(agent);
  }

  /** Another configuration takes the place of the one before: who is missing in it has departed. */
  replace(before: Iterable<AgentSpec>, after: { has(agent: AgentName): boolean }): void {
    const had = this.#specs.size;
    for (const spec of before) if (spec.hooks.pre_stop || spec.hooks.post_stop) this.#specs.set(spec.name, spec);
    for (const agent of [...this.#specs.keys()]) if (after.has(agent)) this.#specs.delete(agent);
    if (had + this.#specs.size > 0) this.#save();
  }

  /** Nothing of this agent is left. */
  forget(agent: AgentName): void {
    if (this.#specs.delete(agent)) this.#save();
  }

  #save(): void {
    this.#saver.save(this.#path, JSON.stringify([...this.#specs]));
  }
}

function load(path: string): readonly (readonly [AgentName, AgentSpec])[] {
  try {
    const specs = JSON.parse(readFileSync(path, 'utf8')) as [AgentName, AgentSpec][];
    // Kept by another release, it may have another form.
    return specs.filter(([, spec]) => typeof spec.hooks === 'object');
  } catch {
    return [];
  }
}
