import type { Author } from '../../child/report.ts';
import { hasLiveRun } from '../../reconciler/ledger.ts';
import { steadyOf } from '../../reconciler/offsets.ts';
import type { Entry, Ledger, Millis, Reported, RunId } from '../../reconciler/types.ts';
import type { Clock } from '../clock.ts';
import { discard, type Found, list, read } from './folder.ts';
import { FolderWatch } from './folder-watch.ts';
import { type Dated, isLater, isNews, reportedBy, slotOf, type Told, toldBy } from './latest.ts';
import { type Heard, parseReport } from './parse.ts';

export type ReportsOptions = {
  readonly folder: string;
  readonly clock: Clock;
  readonly ledger: () => Ledger;
  readonly listen: (listener: (entry: Entry) => void) => () => void;
};

/** More files than this at once are not the reports of programs that mean well. */
const MOST_FILES = 10_000;
/** So many files are read before somebody else gets his turn. */
const AT_A_TIME = 200;
/** How long a file may be unfinished, or of a run that nobody knows yet. */
const PATIENCE: Millis = 10_000;

/**
 * What the programs have said of themselves, read from the folder in which they leave it.
 *
 * The folder is also the memory: of each kind the last report of a run stays in it until the run ends, so that a new
 * supervisor knows what the one before knew.
 */
export class Reports {
  readonly #options: ReportsOptions;
  readonly #runs = new Map<RunId, Map<string, Dated>>();
  /** Names of the files that are read and stay. */
  readonly #kept = new Set<string>();
  readonly #watch: FolderWatch;
  #unlisten: (() => void) | undefined;
  #onNews: () => void = () => undefined;
  #reading: Promise<void> | undefined;
  #again = false;
  #broken = 0;
  #unread = 0;

  constructor(options: ReportsOptions) {
    this.#options = options;
    this.#watch = new FolderWatch(options.folder, () => void this.read());
  }

  /** What the program of a run has said of itself so far; undefined: nothing. */
  of(run: RunId): Reported | undefined {
    const latest = this.#runs.get(run);
    return latest && reportedBy(latest);
  }

  /** What the agent of a run has told by its hooks and for its status line; undefined: nothing. */
  told(run: RunId): Told | undefined {
    const latest = this.#runs.get(run);
    return latest && toldBy(latest);
  }

  /** What a person should know about the reports, as sentences. */
  get warnings(): readonly string[] {
    const { folder } = this.#options;
    return [
      ...(this.#broken > 0 ? [`${this.#broken} files in ${folder} were no reports and are deleted`] : []),
      ...(this.#unread > 0 ? [`more than ${MOST_FILES} reports came at once: ${this.#unread} are deleted unread`] : []),
    ];
  }

  /** From now on read what comes as soon as it comes; `onNews` is told when somebody has said something new. */
  watch(onNews: () => void): void {
    this.#onNews = onNews;
    this.#unlisten = this.#options.listen((entry) => this.#hear(entry));
  }

  /**
   * Read the folder; for what the system did not tell of.
   *
   * Only after the first time is it watched: before a supervisor has looked at the world it does not know whose reports
   * are those of the present.
   */
  read(): Promise<void> {
    if (this.#unlisten) this.#watch.begin();
    this.#again = true;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  close(): void {
    this.#watch.close();
    this.#unlisten?.();
  }

  /** A program may say something before its start is written down, and nobody listens to one that has ended. */
  #hear(entry: Entry): void {
    if (entry.type === 'started' || entry.type === 'adopted') this.#watch.soon();
    if ((entry.type === 'exited' || entry.type === 'removed') && entry.run !== undefined) this.#forget(entry.run);
    if (entry.type === 'server_lost') for (const run of [...this.#runs.keys()]) this.#forget(run);
  }

  #forget(run: RunId): void {
    for (const { name } of this.#runs.get(run)?.values() ?? []) this.#discard(name);
    this.#runs.delete(run);
  }

  async #readAll(): Promise<void> {
    let news = false;
    while (this.#again) {
      this.#again = false;
      this.#watch.isRead();
      const { names, unfinished, beyond } = list(this.#options.folder, this.#kept, MOST_FILES);
      news = (await this.#takeAll(names)) || news;
      for (const name of unfinished) this.#outlast(name);
      for (const name of beyond) this.#discard(name);
      this.#unread += beyond.length;
    }
    if (news) this.#onNews();
  }

  /** Read files; returns whether any of them says something new. */
  async #takeAll(names: readonly string[]): Promise<boolean> {
    let news = false;
    for (const [index, name] of names.entries()) {
      news = this.#take(name) || news;
      if (index % AT_A_TIME === AT_A_TIME - 1) await new Promise((resolve) => setImmediate(resolve));
    }
    return news;
  }

  /** Read one file; returns whether it says something new. */
  #take(name: string): boolean {
    const found = read(this.#options.folder, name);
    if (found === 'gone') return false;
    const written = found === 'strange' ? undefined : parseReport(found.text);
    if (!written || found === 'strange' || !name.startsWith(`${written.run}.`)) {
      this.#broken += 1;
      this.#discard(name);
      return false;
    }
    const whose = this.#whose(written);
    if (whose === 'present') return this.#keep(written, this.#dated(found, written));
    if (whose === 'past' || this.#isOld(found)) this.#discard(name);
    return false;
  }

  /** Whether the run is the present one of its agent; `unknown`: it may be one whose start is just being written down. */
  #whose({ agent, run }: Author): 'present' | 'past' | 'unknown' {
    const history = this.#options.ledger().agents.get(agent);
    if (!history || !hasLiveRun(history)) return history?.run === run ? 'past' : 'unknown';
    return history.run === run ? 'present' : 'past';
  }

  #keep({ run }: Author, now: Dated): boolean {
    const latest = this.#runs.get(run) ?? new Map<string, Dated>();
    this.#runs.set(run, latest);
    const slot = slotOf(now.report);
    const before = latest.get(slot);
    if (before && !isLater(now, before)) {
      this.#discard(now.name);
      return false;
    }
    if (before) this.#discard(before.name);
    latest.set(slot, now);
    this.#kept.add(now.name);
    return isNews(before, now);
  }

  /** The file tells the time on the wall clock, which may have been set since; nothing was said in the future. */
  #dated({ name, written }: Found, report: Heard): Dated {
    return { name, at: Math.round(Math.min(this.#options.clock(), this.#steady(written))), report };
  }

  #isOld({ written }: Found): boolean {
    return Math.abs(this.#options.clock() - this.#steady(written)) > PATIENCE;
  }

  #steady(wall: Millis): Millis {
    return steadyOf(this.#options.ledger().offsets, wall);
  }

  /** Whoever wrote it may have been killed while he did. */
  #outlast(name: string): void {
    const found = read(this.#options.folder, name);
    if (found === 'strange' || (found !== 'gone' && this.#isOld(found))) this.#discard(name);
  }

  #discard(name: string): void {
    this.#kept.delete(name);
    discard(this.#options.folder, name);
  }
}
