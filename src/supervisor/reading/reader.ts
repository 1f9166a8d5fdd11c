import { conversingIn, signsOf } from '../../agents/evidence.ts';
import { conversationOf } from '../../agents/opencode/log.ts';
import { nothingRead, type Readings, type Sign } from '../../agents/reading.ts';
import { RunReader } from '../../processes/environ.ts';
import type { ConversationId, Kind, Millis, Offset, RunId, Session, Told } from '../../reconciler/types.ts';
import type { News, Tmux } from '../../tmux/types.ts';
import type { Told as Heard } from '../reports/latest.ts';
import type { Running } from '../vitals/running.ts';
import { APART, Looks, leavesQuestion } from './looks.ts';
import { Records } from './records.ts';
import { Rollout } from './rollout.ts';
import { logOf, SharedLog } from './shared-log.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';
import { Titles } from './title.ts';
import { TitleNews } from './title-news.ts';

/** What is known of one run because its program is known. */
export type Read = {
  readonly kind: Kind;
  readonly signs: readonly Sign[];
  readonly told: Omit<Told, 'evidence' | 'marker'>;
};

/** What is kept of one run from one look to the next. */
type Known = {
  readonly surroundings: Surroundings;
  readonly titles: Titles;
  readonly rollout: Rollout;
  readonly looks: Looks;
  /** The path of the log that it writes into together with others. */
  log: string | undefined;
  read: Read | undefined;
};

type Clocks = Pick<Readings, 'now' | 'offsets'>;

/**
 * Titles are looked at so often: while a program works, because a person may be asked at any moment and tmux tells only
 * once a second; and while it does not, where tmux does not tell.
 */
const BUSY: Millis = 500;
const IDLE: Millis = 2_000;

/** A look that came to nothing is not tried again before this. */
const LEAST: Millis = 100;

/** So long after its start a program that nothing is known of is looked at as often: it may show a dialog. */
const STARTING: Millis = 60_000;

/** Kinds whose word is the title of the terminal, or of which nothing but the screen is known. */
const TITLED: ReadonlySet<Kind> = new Set(['codex', 'gemini', 'opencode', 'aider']);

/**
 * Reads what the programs that colony knows are doing: their records, titles, messages, conversations, and, where these
 * leave a question, their screens. Of shells nothing is read.
 */
export class Reader {
  readonly #runs = new RunReader();
  readonly #known = new Map<RunId, Known>();
  readonly #records = new Map<string, Records>();
  readonly #logs = new Map<string, SharedLog>();
  readonly #titleNews = new TitleNews();
  #listed: Millis = 0;
  #onNews: (news: News) => void = () => undefined;

  /** `onNews` is told when a look is worth while, and how much of one. */
  watch(onNews: (news: News) => void): void {
    this.#onNews = onNews;
  }

  /** All sessions with their titles were read at this time. */
  listed(at: Millis): void {
    this.#listed = at;
  }

  /** Whether any of these programs is one that can be read. */
  knowsAny(runnings: readonly Running[], now: Millis): boolean {
    return runnings.some((running) => (this.#knownOf(running, now)?.surroundings.kind ?? 'shell') !== 'shell');
  }

  /** Read what a program is doing now; undefined: it is a shell, or only just being started. */
  read(running: Running, heard: Heard | undefined, now: Millis, offsets: readonly Offset[]): Read | undefined {
    const known = this.#knownOf(running, now);
    if (!known || known.surroundings.kind === 'shell') return undefined;
    const { kind, account } = known.surroundings;
    const readings = this.#readingsOf(running, known, heard, { now, offsets });
    const better = signsOf(kind, { ...readings, screen: undefined });
    if (!leavesQuestion(kind, better, now)) known.looks.forget();
    const seen = { ...readings, screen: known.looks.agreed };
    known.read = { kind, signs: signsOf(kind, seen), told: { ...conversingIn(kind, seen), account } };
    return known.read;
  }

  /** Have tmux tell of the titles of those that say something by them, and what they print. */
  follow(tmux: Tmux | undefined, runnings: readonly Running[]): void {
    const panes = runnings.flatMap(({ run, session: { main } }) =>
      main.state === 'alive' && TITLED.has(this.#known.get(run)?.surroundings.kind ?? 'shell') ? main.pane : [],
    );
    this.#titleNews.follow(tmux, panes);
  }

  /**
   * Look at the screens of those that better sources leave a question about, each once; `onNews` is told when two looks
   * have agreed on something new.
   */
  look(tmux: Tmux | undefined, runnings: readonly Running[], clock: () => Millis): void {
    for (const { run, session } of runnings) {
      const known = this.#known.get(run);
      const { main } = session;
      if (!tmux || !known?.read || main.state !== 'alive') continue;
      const { kind } = known.surroundings;
      const better = known.read.signs.filter(({ source }) => source !== 'screen');
      if (!leavesQuestion(kind, better, clock()) || !known.looks.isDue(clock(), session.output)) continue;
      void tmux.capture(main.pane, { history: 0 }).then((screen) => {
        if (screen.ok && known.looks.add(kind, screen.value, clock())) this.#onNews('ended');
      });
    }
  }

  /** When to look again unasked, counted from the last look: shorter ones in between must not put it off. */
  nextLook(runnings: readonly Running[], now: Millis): Millis | undefined {
    const due = runnings.flatMap((running) => this.#dueOf(running, now) ?? []);
    return due.length === 0 ? undefined : Math.max(now + LEAST, Math.min(...due));
  }

  #dueOf({ run, session }: Running, now: Millis): Millis | undefined {
    const known = this.#known.get(run);
    const isNew = now - (session.started ?? 0) < STARTING;
    if (!known) return isNew ? now + APART : undefined;
    if (known.surroundings.kind === 'shell') return undefined;
    if (!known.looks.isSettled) return known.looks.at + APART;
    if (isNew && !known.read?.signs.length) return known.titles.at + APART;
    return TITLED.has(known.surroundings.kind) ? this.#titleDueOf(known, session) : undefined;
  }

  #titleDueOf({ titles, looks, read }: Known, { output }: Session): Millis | undefined {
    const signs = read?.signs ?? [];
    if (signs.some(({ state }) => state === 'busy')) return titles.at + BUSY;
    if (this.#titleNews.comes) return looks.lateAt(output);
    return signs.length === 0 ? undefined : titles.at + IDLE;
  }

  /** Forget all runs but these. */
  keepOnly(runs: ReadonlySet<RunId>): void {
    for (const [run, { rollout }] of this.#known) {
      if (runs.has(run)) continue;
      rollout.close();
      this.#known.delete(run);
    }
    const known = [...this.#known.values()];
    closeOthers(this.#records, new Set(known.map(({ surroundings }) => surroundings.claude)));
    closeOthers(this.#logs, new Set(known.map(({ log }) => log)));
  }

  close(): void {
    for (const { rollout } of this.#known.values()) rollout.close();
    for (const each of [...this.#records.values(), ...this.#logs.values()]) each.close();
  }

  #knownOf({ run, pid, session }: Running, now: Millis): Known | undefined {
    const known = this.#known.get(run);
    if (known) return known;
    const surroundings = surroundingsOf(run, pid);
    if (!surroundings) return undefined;
    const fresh = {
      titles: new Titles(session, now),
      rollout: new Rollout(() => this.#onNews('anything')),
      looks: new Looks(),
      log: undefined,
      read: undefined,
    };
    const next = { surroundings, ...fresh };
    this.#known.set(run, next);
    return next;
  }

  #readingsOf(running: Running, known: Known, heard: Heard | undefined, { now, offsets }: Clocks): Readings {
    const { run, pid, session } = running;
    const { surroundings, titles, rollout } = known;
    const { kind, claude, zone } = surroundings;
    return {
      ...nothingRead(now, zone),
      offsets,
      ...heard,
      started: session.started,
      title: titles.own(session, this.#listed, now),
      record: kind === 'claude' ? this.#recordsIn(claude).of(run, pid, this.#runs, now, offsets) : undefined,
      transcript: kind === 'codex' ? rollout.of(pid, now, offsets, session.output) : undefined,
      logged: this.#loggedBy(pid, known),
    };
  }

  #loggedBy(pid: number, known: Known): ConversationId | undefined {
    const { mark } = known.surroundings;
    if (mark === undefined) return undefined;
    known.log ??= logOf(pid);
    if (known.log === undefined) return undefined;
    const log = this.#logs.get(known.log) ?? new SharedLog(known.log, () => this.#onNews('anything'));
    this.#logs.set(known.log, log);
    return conversationOf(log.read(), mark);
  }

  #recordsIn(folder: string): Records {
    const known = this.#records.get(folder);
    if (known) return known;
    const records = new Records(folder, () => this.#onNews('ended'));
    this.#records.set(folder, records);
    return records;
  }
}

function closeOthers(all: Map<string, { close(): void }>, wanted: { has(name: string): boolean }): void {
  for (const [name, each] of all) {
    if (wanted.has(name)) continue;
    each.close();
    all.delete(name);
  }
}
