import { readFileSync, statSync } from 'node:fs';
import type { ColonyPaths } from '../../control/paths.ts';
import { type LiveRun, type LiveRuns, type RunRecord, type RunStep, recordRun } from '../../reconciler/runs.ts';
import type { Entry, Millis, RunId } from '../../reconciler/types.ts';
import { telemetry } from '../state/entry-shape.ts';
import { linesOf, openLines } from '../state/lines.ts';
import { rowOf, rowsOf } from '../state/rows.ts';
import { amount, count, fields, flag, listOf, maybe, oneOf, text } from '../state/shape.ts';
import { type Limits, Past } from './past.ts';

/** What is known of the lives of all agents. */
export type Lives = {
  readonly live: LiveRuns;
  readonly past: Past;
  /** Lives whose end stands in the journal alone. */
  readonly unwritten: readonly RunRecord[];
  /** Of the last entry that was taken in. */
  readonly seq: number;
  /** When somebody last saw those run that have not ended. */
  readonly refreshed: Millis;
  /** Lines in the file of those that ended. */
  readonly lines: number;
};

/** Somebody who writes lives down as they begin and end. */
export type HistoryKeeper = {
  readonly lives: Lives;
  /** What a person should know about it, as sentences. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
};

/** What stands in the file of those that run. */
export type StoredLive = { readonly seq: number; readonly refreshed: Millis; readonly runs: readonly LiveRun[] };

type Files = Pick<ColonyPaths, 'journal' | 'history' | 'running'>;

/**
 * What the files tell of past and present lives, completed from the journal: whoever wrote them may have been killed.
 *
 * What cannot be read is left out. `pending` are lines of the journal that wait for the disk.
 */
export function loadLives(paths: Files, pending: readonly string[], limits: Limits): Lives {
  const past = new Past();
  const stored = readLive(paths.running);
  let lines = 0;
  for (const line of linesIn(paths.history)) {
    const record = parse(line ?? '');
    lines += 1;
    if (isRecord(record)) past.add(record as RunRecord, limits);
  }
  let live: LiveRuns = new Map(stored.runs.map((run) => [run.agent, run]));
  let { seq, refreshed } = stored;
  const unwritten = new Map<RunId, RunRecord>();
  for (const entry of entriesAfter(paths.journal, pending, stored.seq)) {
    const step = recordRun(live, entry);
    live = step.live;
    seq = entry.seq;
    // Whoever wrote this entry was there to see.
    refreshed = Math.max(refreshed, entry.at);
    for (const each of intoPast(past, step, limits)) unwritten.set(each.run, each);
  }
  return { live, past, unwritten: [...unwritten.values()], seq, refreshed, lines };
}

/** The records that a step has made, or made whole. */
function intoPast(past: Past, { ended, last }: RunStep, limits: Limits): readonly RunRecord[] {
  for (const each of ended) past.add(each, limits);
  const whole = last && past.finish(last, limits);
  return whole ? [...ended, whole] : ended;
}

function* entriesAfter(journal: string, pending: readonly string[], seq: number): Generator<Entry> {
  let last = seq;
  for (const rows of [rowsOf(journal), pending.flatMap((line) => [...rowOf(line)])]) {
    for (const { value } of rows) {
      if (value.type === 'gap' || value.seq <= last) continue;
      last = value.seq;
      yield value;
    }
  }
}

const record = {
  agent: text,
  generation: count,
  run: text,
  pid: maybe(count),
  command: maybe(text),
  workdir: maybe(text),
  started: maybe(amount),
  ended: maybe(amount),
  exit: maybe(fields({ code: maybe(amount), signal: maybe(amount) })),
  oom: flag,
  reason: maybe(fields({ code: text, text })),
  state: (value: unknown) => ['running', 'completed', 'failed', 'killed'].includes(String(value)),
  tail: listOf(text),
  telemetry: maybe(telemetry),
  conversation: maybe(text),
};

const isRecord = fields(record);
const isStored = fields({
  seq: count,
  refreshed: amount,
  runs: listOf(fields({ ...record, asked: maybe(oneOf('code', {})), success: listOf(amount) })),
});

/** A life of each of a thousand agents takes a tenth of it. */
const LARGEST = 16 * 1024 * 1024;

function readLive(path: string): StoredLive {
  try {
    const info = statSync(path);
    const value = info.isFile() && info.size <= LARGEST ? parse(readFileSync(path, 'utf8')) : undefined;
    if (isStored(value)) return value as StoredLive;
  } catch {
    // There is none: then the journal tells.
  }
  return { seq: 0, refreshed: 0, runs: [] };
}

function* linesIn(path: string): Generator<string | undefined> {
  try {
    const fd = openLines(path);
    if (fd !== undefined) yield* linesOf(fd);
  } catch {
    // It cannot be read, and what is behind it is in the journal, or lost.
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
