import { RunReader } from '../../processes/environ.ts';
import { type Claims, ownersOf } from '../../processes/owners.ts';
import type { Proc } from '../../processes/table.ts';
import { presentForStarts, readPss, type Snapshot, snapshot, startOf, type Usage } from '../../processes/usage.ts';
import type { Millis, ProcessIdentity, RunId, Sample } from '../../reconciler/types.ts';
import { withSample } from './samples.ts';
import { isUsable, type Member, sampleOf, type Tree } from './tree.ts';

/** A run whose processes are looked at. */
export type Subject = {
  readonly run: RunId;
  /** Its main process. */
  readonly pid: number;
  /** Whether shared pages are to be shared out; costs a file more for each process. */
  readonly pss: boolean;
  /** For how long its samples are kept. */
  readonly horizon: Millis;
};

/** Whose processes were, by pid. */
type Remembered = Claims['remembered'];

/** What is known of the runs from looking at their processes. */
type Known = { readonly tree: Tree; readonly samples: readonly Sample[] };

/**
 * Looks at the processes of all agents at once, and keeps what it has seen of each run.
 *
 * A look costs one pass over the process table, however many agents there are, and happens only when somebody asks.
 */
export class Gauge {
  readonly #read: () => Snapshot;
  readonly #runs = new RunReader();
  readonly #known = new Map<RunId, Known>();
  #remembered: Remembered = new Map();
  #looking: Promise<void> | undefined;
  #at: Millis | undefined;
  /** Who waits for something that only regular looks can tell. */
  readonly watchers = new Set<symbol>();

  constructor(read: () => Snapshot = snapshot) {
    this.#read = read;
  }

  /** When the last look was taken; undefined: none was. */
  get at(): Millis | undefined {
    return this.#at;
  }

  /** Look at these runs now. Who asks while a look is under way gets that one. */
  look(subjects: readonly Subject[], now: Millis): Promise<void> {
    this.#looking ??= this.#look(subjects, now).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  samplesOf(run: RunId): readonly Sample[] {
    return this.#known.get(run)?.samples ?? [];
  }

  /** Processes of a run that a look has seen: those that have ended since are among them, so compare start times. */
  remembered(run: RunId): readonly ProcessIdentity[] {
    return [...(this.#known.get(run)?.tree.members.values() ?? [])];
  }

  /** The run that a process belonged to when it was last seen. */
  ownerOf(pid: number): RunId | undefined {
    return this.#remembered.get(pid)?.run;
  }

  /** Forget all runs but these. */
  keepOnly(runs: ReadonlySet<RunId>): void {
    for (const run of this.#known.keys()) if (!runs.has(run)) this.#known.delete(run);
  }

  async #look(subjects: readonly Subject[], now: Millis): Promise<void> {
    this.#at = now;
    const present = presentForStarts();
    const { table, usageOf } = this.#read();
    this.#runs.prune(table);
    const owned = ownersOf(table, {
      mains: new Map(subjects.map(({ pid, run }) => [pid, run])),
      remembered: this.#remembered,
      runOf: this.#runs.runOf,
    });
    const usage = await usageOf([...owned.values()].flat());
    for (const subject of subjects) {
      const members = membersOf(owned.get(subject.run) ?? [], usage, subject.pss);
      this.#add(subject, { at: now, present, main: subject.pid, members });
    }
    this.#remembered = rememberedOf(this.#known);
  }

  #add({ run, horizon }: Subject, tree: Tree): void {
    // A program that has just ended is nobody's any more, and what was seen of it last may still be needed for its end.
    if (!tree.members.has(tree.main)) return;
    const before = this.#known.get(run);
    const past = before && isUsable(before.tree, tree) ? before.samples : [];
    this.#known.set(run, { tree, samples: withSample(past, sampleOf(tree, before?.tree), horizon) });
  }
}

function membersOf(
  processes: readonly Proc[],
  usage: ReadonlyMap<number, Usage>,
  withPss: boolean,
): ReadonlyMap<number, Member> {
  const members = new Map<number, Member>();
  for (const proc of processes) {
    const used = usage.get(proc.pid);
    if (!used) continue;
    const { pid, ppid, start } = proc;
    const { own, reaped, rss } = used;
    const pss = withPss ? readPss(proc) : undefined;
    members.set(pid, { pid, ppid, start, started: startOf(proc), own, reaped, rss, pss });
  }
  return members;
}

function rememberedOf(known: ReadonlyMap<RunId, Known>): Remembered {
  const remembered = new Map<number, { readonly start: string; readonly run: RunId }>();
  for (const [run, { tree }] of known) {
    for (const { pid, start } of tree.members.values()) remembered.set(pid, { start, run });
  }
  return remembered;
}
