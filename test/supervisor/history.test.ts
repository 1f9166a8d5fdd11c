import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { colonyPaths } from '../../src/control/paths.ts';
import type { Colony } from '../../src/supervisor/colony.ts';
import { history } from '../../src/supervisor/handlers/history.ts';
import { Historian } from '../../src/supervisor/history/historian.ts';
import { Journal } from '../../src/supervisor/state/journal.ts';
import { removeFolder } from '../rig/remove.ts';
import { waitFor } from '../rig/wait.ts';

let home: string;
let now: number;
let colony: Colony;
let journal: Journal;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'colony-history-'));
  now = 1_000_000;
  const paths = colonyPaths(home, 'lab', 0);
  mkdirSync(paths.dir);
  journal = new Journal(paths, () => now);
  colony = {
    ...{
      name: 'lab',
      paths,
      journal,
      clock: () => now,
      historian: undefined,
      observed: { known: false },
      vitals: new Map(),
    },
    desired: { history: { keep: 3, ttl: 10_000 }, agents: new Map() },
  } as unknown as Colony;
});

afterEach(() => {
  journal.close();
  removeFolder(home);
});

function live(agent: string, generation: number): void {
  const applied = {
    ...{ fingerprint: 'f', settings: { command: `run ${agent}` }, stop: { sequence: [], grace: 0 }, depends_on: [] },
  };
  const run = `${agent}-${generation}`;
  const reason = { code: 'not_running' } as const;
  journal.announce({ type: 'started', agent, reason, generation, run, started: now, pid: 1, applied });
}

function die(agent: string, generation: number): void {
  const exit = { code: 1, signal: undefined };
  const life = { generation, run: `${agent}-${generation}`, ended: now, uptime: 1, oom: false, healthy: false };
  journal.announce({ type: 'exited', agent, exit, ...life, reason: { code: 'exited', exit } });
  journal.announce({ type: 'last_lines', agent, run: life.run, tail: ['bye'] });
}

const told = (query = '') =>
  history(colony, new URLSearchParams(query)).runs.map(({ run, state }) => `${run} ${state}`);

test('lives are kept, by number and age, and told the latest first', async () => {
  const historian = new Historian(colony);
  colony.historian = historian;
  for (let generation = 1; generation <= 5; generation++) {
    now += 10;
    live('a', generation);
    die('a', generation);
  }
  now += 10;
  live('b', 1);
  const all = ['b-1 running', 'a-5 failed', 'a-4 failed', 'a-3 failed'];
  expect(told()).toEqual(all);
  expect(told('agent=a&count=1')).toEqual(['a-5 failed']);
  expect(() => told('agent=nobody')).toThrow('no agent is named "nobody"');
  await historian.close();
  colony.historian = undefined;
  expect(told()).toEqual(all);
  now += 90_001;
  expect(told()).toEqual(['b-1 stale']);
});

test('what a killed supervisor did not write is told by the journal', async () => {
  const historian = new Historian(colony);
  live('a', 1);
  await historian.close();
  die('a', 1);
  live('a', 2);
  expect(told()).toEqual(['a-2 running', 'a-1 failed']);
  const next = new Historian(colony);
  colony.historian = next;
  await next.close();
  expect(readFileSync(colony.paths.history, 'utf8')).toContain('"run":"a-1"');
  expect(readFileSync(colony.paths.history, 'utf8').trim().split('\n')).toHaveLength(1);
});

test('a hundred ends at once are one write, and none before it', async () => {
  const historian = new Historian(colony);
  for (let i = 0; i < 100; i++) {
    live(`a${i}`, 1);
    die(`a${i}`, 1);
  }
  expect(existsSync(colony.paths.history)).toBe(false);
  await waitFor('the write', () => existsSync(colony.paths.running) && existsSync(colony.paths.history));
  await historian.close();
  expect(readFileSync(colony.paths.history, 'utf8').trim().split('\n')).toHaveLength(100);
});

test('a disk that takes nothing is a warning, and nothing is lost', async () => {
  mkdirSync(colony.paths.history);
  const historian = new Historian(colony);
  colony.historian = historian;
  live('a', 1);
  die('a', 1);
  await waitFor('a warning', () => historian.warnings.length > 0);
  expect(told()).toEqual(['a-1 failed']);
  rmSync(colony.paths.history, { recursive: true });
  await waitFor('no warning', () => historian.warnings.length === 0);
  expect(readFileSync(colony.paths.history, 'utf8')).toContain('"run":"a-1"');
  await historian.close();
});

test('the file does not grow without end', async () => {
  const historian = new Historian(colony);
  for (let generation = 1; generation <= 1_200; generation++) {
    live('a', generation);
    die('a', generation);
  }
  await historian.close();
  expect(readFileSync(colony.paths.history, 'utf8').trim().split('\n')).toHaveLength(3);
});

test('whatever stands in the files, lives are told', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (text, value) => {
      writeFileSync(colony.paths.history, `${text}\n${JSON.stringify(value)}\n`);
      writeFileSync(colony.paths.running, JSON.stringify(value));
      expect(told()).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
