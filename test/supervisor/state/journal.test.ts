import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { record } from '../../../src/reconciler/ledger.ts';
import type { Entry, Event } from '../../../src/reconciler/types.ts';
import { parseEntry } from '../../../src/supervisor/state/entry-shape.ts';
import { Journal } from '../../../src/supervisor/state/journal.ts';
import { loadLedger } from '../../../src/supervisor/state/load.ts';
import { anyEvent, anyJournal } from '../../reconciler/journals.ts';
import { removeFolder } from '../../rig/remove.ts';

let dir: string;
let paths: { journal: string; ledger: string };
const opened: Journal[] = [];

function open(): Journal {
  const journal = new Journal(paths, clock);
  opened.push(journal);
  return journal;
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'colony-journal-'));
  paths = { journal: join(dir, 'journal.ndjson'), ledger: join(dir, 'ledger.json') };
});

afterEach(() => {
  for (const journal of opened.splice(0)) journal.close();
  removeFolder(dir);
});

const clock = () => 1_000;
const held = (agent: string): Event => ({ type: 'held', agent, reason: { code: 'disabled' }, fingerprint: undefined });
const rows = (path = paths.journal) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry & { from: number; to: number });
const numbers = () => rows().flatMap(({ seq }) => seq ?? []);
const agents = () => [...loadLedger(paths).agents.keys()];
const damageOf = (journal: Journal) => ({ ...journal.damage, aside: journal.damage?.aside !== undefined });

describe('the journal', () => {
  test('says that the machine has slept before it says anything else', () => {
    let [now, wall] = [1_000, 1_000];
    const reopen = () => {
      const journal = new Journal(
        paths,
        () => now,
        () => wall,
      );
      opened.push(journal);
      return journal;
    };
    const first = reopen();
    first.announce(held('db'));
    now += 500;
    first.look();
    [now, wall] = [2_000, 9_000];
    first.announce(held('api'));
    expect(rows()).toMatchObject([
      { seq: 1, at: 1_000, type: 'held' },
      { seq: 2, at: 2_000, type: 'clock_stepped', since: 1_501, ahead: -7_000, by: 7_000 },
      { seq: 3, at: 2_000, type: 'held' },
    ]);
    first.close();
    [now, wall] = [3_000, 10_000];
    expect(reopen().ledger).toMatchObject({ at: 2_000, offsets: [{ since: 1_501, ahead: -7_000 }] });
    reopen().look();
    expect(numbers()).toEqual([1, 2, 3]);
    wall = 20_000;
    reopen().look();
    expect(rows().at(-1)).toMatchObject({ seq: 4, since: 2_001, ahead: -17_000, by: 10_000 });
  });

  test('numbers entries, folds them in, and tells those who listen', () => {
    const journal = open();
    const heard: number[] = [];
    const stop = journal.listen(({ seq }) => heard.push(seq));
    journal.announce(held('a'));
    journal.announce(held('b'));
    stop();
    journal.announce(held('c'));
    expect(heard).toEqual([1, 2]);
    expect([...journal.ledger.agents.keys()]).toEqual(['a', 'b', 'c']);
  });

  test('is read back by the next supervisor, whether it was closed or killed', () => {
    const killed = open();
    killed.announce(held('a'));
    expect(loadLedger(paths)).toEqual(killed.ledger);
    const closed = open();
    closed.announce(held('b'));
    closed.close();
    const next = open();
    expect(next.ledger).toEqual(closed.ledger);
    expect(next.announce(held('c')).seq).toBe(3);
    expect(next.damage).toBeUndefined();
  });

  test('knows nothing of types that a newer colony wrote, and keeps the rest', () => {
    const journal = open();
    journal.announce(held('a'));
    appendFileSync(paths.journal, '{"seq":2,"at":1,"type":"from_the_future","agent":"a"}\n');
    appendFileSync(paths.journal, '{"seq":3,"at":1,"type":"__proto__","agent":"a"}\n');
    appendFileSync(paths.journal, '{"seq":4,"at":1,"type":"constructor","agent":"a"}\n');
    const next = open();
    expect(next.ledger.agents.get('a')?.hold).toBeDefined();
    expect(next.damage).toBeUndefined();
  });

  test('knows the circuit breaker as closed where an older colony wrote nothing of it', () => {
    const journal = open();
    journal.announce(held('a'));
    journal.close();
    const { circuit: _, ...older } = JSON.parse(readFileSync(paths.ledger, 'utf8')) as Record<string, unknown>;
    writeFileSync(paths.ledger, JSON.stringify(older));
    expect(loadLedger(paths).circuit).toEqual({ state: 'closed', since: 0, agents: 0 });
    expect([...loadLedger(paths).agents.keys()]).toEqual(['a']);
  });

  test('starts a new part after so many entries, and loses nothing by it', () => {
    const journal = open();
    for (let i = 0; i < 5_001; i++) journal.announce(held(`a${i % 7}`));
    expect(numbers()).toEqual([5_001]);
    expect(loadLedger(paths)).toEqual(journal.ledger);
    expect(open().damage).toBeUndefined();
  });

  test('starts a new part after so many bytes', () => {
    const journal = open();
    const why = 'x'.repeat(64 * 1024);
    for (let i = 0; i < 400; i++) journal.announce({ type: 'unreachable', why });
    const size = (path: string) => statSync(path).size;
    expect(size(paths.journal) + size(`${paths.journal}.1`)).toBeLessThan(2 * (8 * 1024 * 1024 + 70_000));
    expect(size(`${paths.journal}.1`)).toBeGreaterThan(8 * 1024 * 1024);
    expect(open().announce(held('a')).seq).toBe(401);
  });
});

describe('a disk that takes nothing', () => {
  const full = () => symlinkSync('/dev/full', paths.journal);
  const heal = () => rmSync(paths.journal);

  test('stops nobody, and everything is written in its order when there is space again', () => {
    full();
    const journal = open();
    const heard: Entry[] = [];
    journal.listen((entry) => heard.push(entry));
    journal.announce(held('a'));
    journal.announce(held('b'));
    expect([...journal.ledger.agents.keys()]).toEqual(['a', 'b']);
    expect(heard.map(({ type }) => type)).toEqual(['held', 'journal_unwritable', 'held']);
    expect(heard[1]).toMatchObject({ why: 'no space left on device (ENOSPC)' });
    expect(journal.warnings.join()).toContain('3 entries are kept in memory');
    journal.retry();
    expect(journal.warnings).toHaveLength(1);
    heal();
    journal.retry();
    expect(journal.warnings).toEqual([]);
    expect(heard.at(-1)).toMatchObject({ type: 'journal_writable', kept: 3, lost: 0 });
    expect(rows()).toEqual(JSON.parse(JSON.stringify(heard)));
    journal.announce(held('c'));
    expect(numbers()).toEqual([1, 2, 3, 4, 5]);
    expect(open().damage).toBeUndefined();
  });

  test('costs the oldest entries when the memory for them is full, and a line says which', () => {
    full();
    const why = 'x'.repeat(64 * 1024);
    const other = open();
    other.announce(held('only-in-ledger'));
    for (let i = 0; i < 200; i++) other.announce({ type: 'unreachable', why });
    expect(other.warnings.join()).toMatch(/\d+ older ones are lost/);
    heal();
    other.retry();
    const [gap, next] = rows();
    expect(gap).toMatchObject({ type: 'gap', from: 1 });
    expect(next?.seq).toBe((gap?.to ?? 0) + 1);
    const { kept, lost } = rows().at(-1) as unknown as { kept: number; lost: number };
    expect(kept + lost).toBe(202);
    expect(lost).toBe(gap?.to);
    expect(agents()).toContain('only-in-ledger');
    expect(open().damage).toBeUndefined();
  });

  test('cannot make the ledger’s file a reason to stop', () => {
    const journal = open();
    mkdirSync(paths.ledger);
    for (let i = 0; i < 5_010; i++) journal.announce(held('a'));
    expect(journal.warnings.join()).toContain('the ledger cannot be saved');
    expect(numbers()).toHaveLength(5_010);
    rmSync(paths.ledger, { recursive: true });
    journal.retry();
    expect(journal.warnings).toEqual([]);
    expect(existsSync(`${paths.journal}.1`)).toBe(true);
    journal.announce(held('b'));
    expect(numbers()).toEqual([5_011]);
  });

  test('leaves no half line, also where a write was cut short before', () => {
    writeFileSync(paths.journal, '{"seq":1,"at":1,"type":"down"}\n{"seq":2,"at":1,"ty');
    const journal = open();
    journal.announce(held('a'));
    expect(rows().map(({ type }) => type)).toEqual(['down', 'gap', 'gap', 'journal_damaged', 'held']);
  });
});

describe('a damaged journal', () => {
  function written(count: number): void {
    const journal = open();
    for (let i = 0; i < count; i++) journal.announce(held(`a${i}`));
  }

  test('says what a torn line cost, keeps the file, and goes on behind it', () => {
    written(2);
    truncateSync(paths.journal, readFileSync(paths.journal).length - 10);
    const torn = readFileSync(paths.journal);
    const next = open();
    expect(damageOf(next)).toEqual({ unreadable: 1, missing: [{ from: 2, to: 2 }], ledger: undefined, aside: true });
    expect(readFileSync(`${paths.journal}.damaged`)).toEqual(torn);
    expect([...next.ledger.agents.keys()]).toEqual(['a0']);
    // What stood behind the torn line cannot be known: no number of a whole part is used again.
    expect(next.announce(held('c')).seq).toBe(5_004);
    expect(agents()).toEqual(['a0', 'c']);
    expect(next.warnings.join()).toContain('1 line could not be read; missing: 2');
    expect(open().damage).toBeUndefined();
  });

  test('with a line too few says which', () => {
    written(4);
    const lines = readFileSync(paths.journal, 'utf8').split('\n');
    writeFileSync(paths.journal, lines.filter((_, at) => at !== 1).join('\n'));
    const next = open();
    expect(damageOf(next)).toEqual({ unreadable: 0, missing: [{ from: 2, to: 2 }], ledger: undefined, aside: false });
    expect(next.announce(held('c')).seq).toBe(6);
    expect(open().damage).toBeUndefined();
  });

  test.each([
    ['text', 'hello'],
    ['a number', '7'],
    ['a ledger without a number', '{"agents":[]}'],
    ['a ledger whose agents are no list', '{"seq":3,"agents":{}}'],
    ['nothing', ''],
  ])('whose ledger is %s begins with the journal', (_, ledger) => {
    written(3);
    writeFileSync(paths.ledger, ledger);
    const next = open();
    expect(next.damage?.ledger).toBeDefined();
    expect([...next.ledger.agents.keys()]).toEqual(['a0', 'a1', 'a2']);
    expect(next.announce(held('c')).seq).toBeGreaterThan(3);
    expect(open().damage).toBeUndefined();
  });

  test('whose ledger has wrong histories leaves those out and completes others', () => {
    const agents = [
      ['whole', { generation: 3 }],
      ['wrong', { generation: 'three' }],
      ['worse', { lastExit: { tail: 'none' } }],
    ];
    writeFileSync(paths.ledger, JSON.stringify({ seq: 9, agents }));
    const next = open();
    expect([...next.ledger.agents.keys()]).toEqual(['whole']);
    expect(next.ledger.agents.get('whole')).toMatchObject({ generation: 3, failures: [] });
    expect(next.damage?.ledger).toBe('has lost 2 agents');
  });

  test('whose ledger is gone after the first part is told from both parts', () => {
    written(5_002);
    rmSync(paths.ledger);
    const next = open();
    expect(next.damage).toMatchObject({ ledger: 'is missing', missing: [] });
    expect(next.ledger.agents.size).toBe(5_002);
    expect(next.announce(held('c')).seq).toBeGreaterThan(5_002);
  });

  test('of known types and wrong fields is left out', () => {
    const wrong = ['started', 'exited', 'held', 'updated', 'stopping', 'server_started', 'removed', 'server_lost'];
    const lines = wrong.map((type, at) => JSON.stringify({ seq: at + 1, at: 1, type, agent: 'a', reason: 7 }));
    writeFileSync(paths.journal, `${lines.join('\n')}\n`);
    const next = open();
    expect(next.damage?.unreadable).toBe(wrong.length);
    expect(next.ledger.agents.size).toBe(0);
  });

  test('of two GiB is read in bounded time and memory', () => {
    written(3);
    truncateSync(paths.journal, 2 * 1024 ** 3);
    const before = process.memoryUsage().rss;
    const began = performance.now();
    const next = open();
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
    expect([...next.ledger.agents.keys()]).toEqual(['a0', 'a1', 'a2']);
    expect(statSync(paths.journal).size).toBeLessThan(10_000);
    expect(statSync(`${paths.journal}.damaged`).size).toBeLessThanOrEqual(32 * 1024 * 1024);
    expect(next.announce(held('c')).seq).toBeGreaterThan(3);
  });

  test.each([
    ['a folder', () => mkdirSync(join(paths.journal, 'within'), { recursive: true })],
    ['a link to itself', () => symlinkSync(paths.journal, paths.journal)],
  ])('that is %s is put aside', (_, place) => {
    place();
    const next = open();
    next.announce(held('a'));
    expect(damageOf(next)).toMatchObject({ unreadable: 1, aside: true });
    expect(next.warnings).toHaveLength(1);
    expect(agents()).toEqual(['a']);
  });

  test.each([
    ['journal', (bytes: Buffer) => writeFileSync(paths.journal, bytes)],
    ['ledger', (bytes: Buffer) => writeFileSync(paths.ledger, bytes)],
  ])('opens whatever stands in the %s', (_, write) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        write(Buffer.from(bytes));
        open().announce(held('a'));
        expect(loadLedger(paths).agents.get('a')?.hold).toBeDefined();
      }),
      { numRuns: 100 },
    );
  });
});

// ------------------------------------------------------------------------------------------------------- fuzz

type Change = (bytes: Buffer, at: number, what: number) => Buffer;

const lineChange =
  (change: (lines: string[], at: number) => void): Change =>
  (bytes, at) => {
    const lines = bytes.toString('utf8').trimEnd().split('\n');
    change(lines, at % lines.length);
    return Buffer.from(`${lines.join('\n')}\n`);
  };

const CHANGES: Readonly<Record<string, Change>> = {
  truncation: (bytes, at) => bytes.subarray(0, at % bytes.length),
  'a flipped bit': (bytes, at, what) => {
    const copy = Buffer.from(bytes);
    copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ (1 << (what % 8));
    return copy;
  },
  insertion: (bytes, at, what) =>
    Buffer.concat([
      bytes.subarray(0, at % bytes.length),
      Buffer.alloc((what % 30) + 1, what),
      bytes.subarray(at % bytes.length),
    ]),
  'a line twice': lineChange((lines, at) => lines.splice(at, 0, lines[at] ?? '')),
  'a line elsewhere': lineChange((lines, at) => lines.splice(0, 0, ...lines.splice(at, 1))),
  'lines exchanged': lineChange((lines, at) => lines.splice(at, 2, ...lines.slice(at, at + 2).reverse())),
};

const anyChange = fc.record({
  how: fc.constantFrom(...Object.keys(CHANGES)),
  at: fc.nat(100_000),
  what: fc.nat(255),
  both: fc.boolean(),
});

describe('whatever is done to the files', () => {
  test('the supervisor starts, numbers go on rising, and nothing that can be read is lost', () => {
    fc.assert(
      fc.property(
        anyJournal.filter((events) => events.length > 1),
        fc.array(anyChange, { minLength: 1, maxLength: 3 }),
        fc.option(anyEvent),
        (events, changes, more) => {
          const { before, whole } = writeAll(events, changes.length > 1);
          const text = damage(whole, changes);
          damageFiles(text, changes);
          expect(() => loadLedger(paths)).not.toThrow();
          const { seq } = open().announce(more ?? held('z'));
          if (!cutBetweenLines(whole, changes)) expect(seq).toBeGreaterThan(before);
          const seqs = numbers();
          expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
          // What was mended is sound: the next one finds nothing to complain about, and knows the same.
          const third = open();
          expect(third.damage).toBeUndefined();
          expect(third.ledger.seq).toBe(seq);
          forgetFiles();
        },
      ),
      { numRuns: 400 },
    );
  });

  test('a journal in its right order is folded as it was', () => {
    fc.assert(
      fc.property(anyJournal, fc.nat(1_000), (events, at) => {
        const { whole, ledger } = writeAll(events);
        if (events.length > 1) writeFileSync(paths.journal, damage(whole, [{ how: 'lines exchanged', at, what: 0 }]));
        expect(loadLedger(paths)).toEqual(ledger);
        rmSync(paths.journal, { force: true });
        rmSync(paths.ledger, { force: true });
      }),
      { numRuns: 100 },
    );
  });
});

function damageFiles(text: Buffer, changes: readonly (Damage & { readonly both: boolean })[]): void {
  writeFileSync(paths.journal, text);
  if (!changes[0]?.both || !existsSync(paths.ledger)) return;
  writeFileSync(paths.ledger, damage(readFileSync(paths.ledger), changes));
}

function forgetFiles(): void {
  for (const journal of opened.splice(0)) journal.close();
  for (const file of [paths.journal, paths.ledger, `${paths.journal}.damaged`]) rmSync(file, { force: true });
}

type Damage = { readonly how: string; readonly at: number; readonly what: number };

function damage(whole: Buffer, damages: readonly Damage[]): Buffer {
  let bytes = whole;
  for (const { how, at, what } of damages) if (bytes.length > 0) bytes = CHANGES[how]?.(bytes, at, what) ?? bytes;
  return bytes;
}

/** A journal cut between two lines cannot be told from one that ended there. */
function cutBetweenLines(whole: Buffer, damages: readonly Damage[]): boolean {
  return damages.some(({ how }, at) => {
    if (how !== 'truncation') return false;
    const last =
      damage(whole, damages.slice(0, at + 1))
        .toString()
        .split('\n')
        .at(-1) ?? '';
    // Also where nothing but the last line break is gone.
    return last === '' || parseEntry(last) !== undefined;
  });
}

/** `closed`: with a snapshot behind the first event. */
function writeAll(events: readonly Event[], closed = false) {
  const journal = new Journal(paths, clock);
  let ledger = journal.ledger;
  for (const event of events) {
    ledger = record(ledger, journal.announce(event));
    if (closed && ledger.seq === 1) journal.close();
  }
  // As JSON gives it back: what is undefined is not written.
  const read = loadLedger(paths);
  const whole = existsSync(paths.journal) ? readFileSync(paths.journal) : Buffer.alloc(0);
  return { before: ledger.seq, whole, ledger: read };
}
