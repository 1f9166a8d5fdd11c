import { record } from '../../reconciler/ledger.ts';
import type { Entry, Ledger, SeqRange } from '../../reconciler/types.ts';
import { type Gap, parseEntry, parseGap } from './entry-shape.ts';
import { inOrder } from './in-order.ts';
import { linesOf, openLines } from './lines.ts';
import { readSnapshot } from './snapshot.ts';

export type JournalPaths = { readonly journal: string; readonly ledger: string };

/** At most so many entries stand in one part of the journal, and so at most as many can be lost with it. */
export const ENTRIES_PER_PART = 5_000;

export type Damage = {
  readonly unreadable: number;
  readonly missing: readonly SeqRange[];
  readonly ledger: string | undefined;
};

export type Loaded = {
  /** Its number is one that no entry ever had a higher one than, as far as the files can tell. */
  readonly ledger: Ledger;
  readonly damage: Damage | undefined;
  /** The journal holds what is no entry, or cannot be read at all. */
  readonly garbled: boolean;
  /** The journal should be replaced by `lines`. */
  readonly mend: boolean;
  /** How many entries the current part holds. */
  readonly entries: number;
  /** Its sound lines in their order, and gaps where others are missing. */
  readonly lines: () => readonly string[];
};

/** The older part of the journal. */
export function olderPart(journal: string): string {
  return `${journal}.1`;
}

/**
 * What the files tell, whatever has become of them. Nothing is changed, and nothing is thrown.
 *
 * The ledger is the last snapshot and the entries after it. Where there is no sound snapshot the older part of the
 * journal stands in for it. If a line cannot be read nobody knows which ones stood there, and the next number is chosen
 * beyond all that a part can hold, so that numbers never go backwards.
 */
export function load(paths: JournalPaths): Loaded {
  const snapshot = readSnapshot(paths.ledger);
  const current = readPart(paths.journal);
  const older = snapshot.there && !snapshot.wrong ? NOTHING : readPart(olderPart(paths.journal));
  const { items, sorted, strangers } = inOrder([...older.entries, ...current.entries], sameLine);
  const { ledger, unfit } = foldAll(snapshot.ledger, items);
  const wrong = snapshot.wrong ?? (isMissing(snapshot.there, older, items) ? 'is missing' : undefined);
  const gaps = [...older.gaps, ...current.gaps];
  const end = Math.max(snapshot.ledger.seq, older.hinted, current.hinted);
  const missing = holesIn(items, gaps, snapshot.ledger.seq, end);
  const unreadable = older.unreadable + current.unreadable + strangers + unfit;
  const certain = older.certain && current.certain && strangers === 0 && wrong === undefined;
  const reached = Math.max(ledger.seq, end, ...gaps.map(({ to }) => to));
  const seq = Math.max(reached, older.highest, current.highest) + (certain ? 0 : ENTRIES_PER_PART);
  const skipped = seq > reached ? [{ from: reached + 1, to: seq }] : [];
  const sound = unreadable === 0 && missing.length === 0 && wrong === undefined;
  const own = new Set(current.entries);
  return {
    ledger: { ...ledger, seq },
    damage: sound ? undefined : { unreadable, missing: missing.slice(0, RANGES_TOLD), ledger: wrong },
    garbled: current.unreadable + strangers > 0,
    mend: sorted || current.unreadable + missing.length + skipped.length > 0,
    entries: current.entries.length,
    lines: () =>
      mended(
        items.filter((line) => own.has(line)),
        [...gaps, ...missing, ...skipped],
      ),
  };
}

/** After the first entries there is always a snapshot. */
function isMissing(there: boolean, older: Part, lines: readonly Line[]): boolean {
  return !there && (older !== NOTHING || (lines[0]?.seq ?? 1) > 1);
}

/** The ledger as the files tell it, for those who only want to read. */
export function loadLedger(paths: JournalPaths): Ledger {
  return load(paths).ledger;
}

const RANGES_TOLD = 20;

type Line = { readonly seq: number; readonly text: string; readonly entry: Entry };

type Part = {
  readonly entries: readonly Line[];
  readonly gaps: readonly SeqRange[];
  readonly unreadable: number;
  /** The highest number that was read. */
  readonly highest: number;
  /** The highest number of a line of which only the beginning can be read. */
  readonly hinted: number;
  /** Every line is sound: nothing can have stood among them. */
  readonly certain: boolean;
};

const NOTHING: Part = { entries: [], gaps: [], unreadable: 0, highest: 0, hinted: 0, certain: true };
const LOST: Part = { ...NOTHING, unreadable: 1, certain: false };

function readPart(path: string): Part {
  try {
    const fd = openLines(path);
    return fd === undefined ? NOTHING : partOf(linesOf(fd));
  } catch {
    return LOST;
  }
}

function partOf(lines: Iterable<string | undefined>): Part {
  const entries: Line[] = [];
  const gaps: Gap[] = [];
  const hints: number[] = [];
  for (const text of lines) {
    const entry = text === undefined ? undefined : parseEntry(text);
    const gap = entry ? undefined : parseGap(text ?? '');
    if (entry && text !== undefined) entries.push({ seq: entry.seq, text, entry });
    else if (gap) gaps.push(gap);
    else hints.push(hintOf(text));
  }
  const hinted = hints.reduce((top, hint) => Math.max(top, hint), 0);
  const highest = entries.reduce((top, { seq }) => Math.max(top, seq), hinted);
  return { entries, gaps, unreadable: hints.length, highest, hinted, certain: hints.length === 0 };
}

/** The number of a line of which the rest is torn away; 0: it cannot be told. */
function hintOf(text: string | undefined): number {
  return Number(/^\{"seq":(\d{1,15}),"at":/.exec(text ?? '')?.[1] ?? 0);
}

function sameLine(a: Line, b: Line): boolean {
  return a.text === b.text;
}

/** An entry whose type is known and whose fields are not what they must be cannot be folded, and is left out. */
function foldAll(from: Ledger, lines: readonly Line[]): { ledger: Ledger; unfit: number } {
  let ledger = from;
  let unfit = 0;
  for (const { entry } of lines) {
    if (entry.seq <= ledger.seq) continue;
    try {
      ledger = record(ledger, entry);
    } catch {
      unfit += 1;
    }
  }
  return { ledger, unfit };
}

/** Numbers up to `end` that neither the snapshot, nor an entry, nor a gap accounts for. */
function holesIn(
  lines: readonly Line[],
  gaps: readonly SeqRange[],
  snapshot: number,
  end: number,
): readonly SeqRange[] {
  const known = [...lines.map(({ seq }) => ({ from: seq, to: seq })), ...gaps].sort((a, b) => a.from - b.from);
  const [first] = known;
  const holes: SeqRange[] = [];
  let next = Math.min(first?.from ?? snapshot + 1, snapshot + 1);
  for (const { from, to } of known) {
    if (from > next) holes.push({ from: next, to: from - 1 });
    next = Math.max(next, to + 1);
  }
  return end >= next ? [...holes, { from: next, to: end }] : holes;
}

function mended(lines: readonly Line[], gaps: readonly SeqRange[]): readonly string[] {
  const first = lines[0]?.seq ?? 0;
  const rows = [
    ...lines.map(({ seq, text }) => ({ at: seq, text })),
    ...gaps
      .filter(({ to }) => to >= first)
      .map(({ from, to }) => ({ at: from, text: JSON.stringify({ type: 'gap', from, to }) })),
  ];
  return rows.sort((a, b) => a.at - b.at).map(({ text }) => text);
}
