import type { RunId } from '../../reconciler/types.ts';
import type { Answers } from '../patterns/answers.ts';
import type { Patterns } from '../patterns/patterns.ts';
import type { LastFinding } from './group.ts';
import { Life, type Surroundings } from './life.ts';
import type { Outputs } from './outputs.ts';
import { Slots } from './slots.ts';
import type { Subject } from './subject.ts';

export type ProberOptions = Omit<Surroundings, 'slots'> & {
  readonly outputs: Outputs;
  readonly patterns: Patterns;
  readonly answers: Answers;
};

/** Makes the checks of all probes, and publishes what they come to when that changes. */
export class Prober {
  readonly #around: Surroundings;
  readonly #outputs: Outputs;
  readonly #patterns: Patterns;
  /** What the answers of agents say of their work. */
  readonly answers: Answers;
  readonly #slots = new Slots(1);
  #lives = new Map<RunId, Life>();
  /** Lives that were seen while they had no startup probes. */
  #up: ReadonlySet<RunId> = new Set();

  constructor({ outputs, patterns, answers, ...options }: ProberOptions) {
    this.#outputs = outputs;
    this.#patterns = patterns;
    this.answers = answers;
    this.#around = { ...options, slots: this.#slots };
  }

  /**
   * Probe these lives and no others, and listen to what they print, `most` at the same time. The checks of a life that is not among them any more, or
   * that is paused, end at once, and what they would have found is dropped. `calm`: lives of agents without any probes.
   */
  sync(subjects: readonly Subject[], most: number, calm: readonly RunId[] = []): void {
    this.#slots.limit = most;
    const probed = subjects.filter(hasProbes);
    const lives = new Map(probed.map((subject) => [subject.run, this.#lifeOf(subject)]));
    for (const [run, life] of this.#lives) if (!lives.has(run)) life.rest();
    this.#lives = lives;
    this.#outputs.sync(subjects);
    this.#patterns.keepOnly(new Set([...subjects.map(({ run }) => run), ...calm]));
    for (const subject of probed) {
      if (subject.paused) lives.get(subject.run)?.rest();
      else lives.get(subject.run)?.sync(subject, this.#up.has(subject.run));
    }
    this.#up = new Set([...calm, ...subjects.filter(isUp(this.#up)).map(({ run }) => run)]);
  }

  /** What the probes of a life found the last time, thresholds aside. */
  findings(run: RunId): readonly LastFinding[] {
    return this.#lives.get(run)?.findings ?? [];
  }

  /** The line by which a life has said that its work is done. */
  markerOf(run: RunId): string | undefined {
    return this.#outputs.markerOf(run);
  }

  /** Probe nobody any more. The next supervisor goes on with what was published. */
  close(): void {
    for (const life of this.#lives.values()) life.rest();
    this.#lives.clear();
    this.#outputs.close();
    this.#patterns.close();
  }

  #lifeOf(subject: Subject): Life {
    return this.#lives.get(subject.run) ?? new Life(subject, this.#around);
  }
}

export function hasProbes({ spec: { probes } }: Pick<Subject, 'spec'>): boolean {
  return probes.startup.length + probes.readiness.length + probes.liveness.length > 0;
}

const isUp =
  (before: ReadonlySet<RunId>) =>
  ({ run, spec }: Subject): boolean =>
    before.has(run) || spec.probes.startup.length === 0;
