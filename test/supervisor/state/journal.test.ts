import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Event } from '../../../src/reconciler/types.ts';
import { Journal, loadLedger } from '../../../src/supervisor/state/journal.ts';

let dir: string;
let paths: { journal: string; ledger: string };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'colony-journal-'));
  paths = { journal: join(dir, 'journal.ndjson'), ledger: join(dir, 'ledger.json') };
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

const clock = () => 1_000;
const held = (agent: string): Event => ({ type: 'held', agent, reason: { code: 'disabled' }, fingerprint: undefined });

describe('the journal', () => {
  test('numbers entries, folds them in, and tells those who listen', () => {
    const journal = new Journal(paths, clock);
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
    const killed = new Journal(paths, clock);
    killed.announce(held('a'));
    expect(loadLedger(paths)).toEqual(killed.ledger);
    const closed = new Journal(paths, clock);
    closed.announce(held('b'));
    closed.close();
    const next = new Journal(paths, clock);
    expect(next.ledger).toEqual(closed.ledger);
    expect(next.announce(held('c')).seq).toBe(3);
  });

  test('leaves out a line that was torn, and goes on behind it', () => {
    const journal = new Journal(paths, clock);
    journal.announce(held('a'));
    journal.announce(held('b'));
    truncateSync(paths.journal, readFileSync(paths.journal).length - 10);
    const next = new Journal(paths, clock);
    expect(next.unreadable).toBe(1);
    expect([...next.ledger.agents.keys()]).toEqual(['a']);
    next.announce(held('c'));
    expect([...loadLedger(paths).agents.keys()]).toEqual(['a', 'c']);
  });

  test('knows nothing of types that a newer colony wrote, and keeps the rest', () => {
    const journal = new Journal(paths, clock);
    journal.announce(held('a'));
    appendFileSync(paths.journal, '{"seq":2,"at":1,"type":"from_the_future","agent":"a"}\n');
    journal.close();
    expect(new Journal(paths, clock).ledger.agents.get('a')?.hold).toBeDefined();
  });

  test('knows the circuit breaker as closed where an older colony wrote nothing of it', () => {
    const journal = new Journal(paths, clock);
    journal.announce(held('a'));
    journal.close();
    const { circuit: _, ...older } = JSON.parse(readFileSync(paths.ledger, 'utf8')) as Record<string, unknown>;
    writeFileSync(paths.ledger, JSON.stringify(older));
    expect(loadLedger(paths).circuit).toEqual({ state: 'closed', since: 0, agents: 0 });
    expect([...loadLedger(paths).agents.keys()]).toEqual(['a']);
  });

  test('starts a new part and loses nothing by it', () => {
    const journal = new Journal(paths, clock);
    for (let i = 0; i < 5_001; i++) journal.announce(held(`a${i % 7}`));
    expect(readFileSync(paths.journal, 'utf8').split('\n')).toHaveLength(2);
    expect(loadLedger(paths)).toEqual(journal.ledger);
  });

  test('opens whatever stands in its files', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ maxLength: 200 }), (journalBytes, ledgerBytes) => {
        writeFileSync(paths.journal, journalBytes);
        writeFileSync(paths.ledger, ledgerBytes);
        new Journal(paths, clock).announce(held('a'));
        expect(loadLedger(paths).agents.get('a')?.hold).toBeDefined();
      }),
      { numRuns: 200 },
    );
  });
});
