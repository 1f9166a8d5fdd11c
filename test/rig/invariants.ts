import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Entry } from '../../src/reconciler/types.ts';
import type { TestColony } from './colony.ts';
import { waitFor } from './wait.ts';
import { clientsOf, look, type SessionSeen, type WorldSeen } from './world.ts';

/** How many processes each agent that must run consists of; agents that are not named must not run. */
export type Trees = Readonly<Record<string, number>>;

/**
 * What must be true of a colony at rest, whatever happened before: one session and one process tree for each agent
 * that runs, nothing of anybody else, a journal without a gap, and only the supervisor's own two clients of tmux.
 */
export async function expectSound(colony: TestColony, trees: Trees): Promise<void> {
  const { sessions, processes } = await lookWhenExecuted(colony);
  const names = sessions.map(({ agent }) => agent);
  expect(names, 'one session for each agent').toEqual([...new Set(names)]);
  const living = sessions.filter(({ dead }) => !dead);
  expect(living.map(({ agent }) => agent).sort(), 'agents that run').toEqual(Object.keys(trees).sort());
  const runs = new Set(living.map(({ run }) => run));
  expect(
    processes.filter(({ run }) => !runs.has(run)),
    'processes of runs that are over',
  ).toEqual([]);
  const sizes = Object.fromEntries(living.map(({ agent, run }) => [agent, count(processes, run)]));
  expect(sizes, 'processes of each agent').toEqual(trees);
  expectReadable(colony);
  if (sessions.length > 0) await expectOwnClients(colony);
}

/** Between fork and exec a process shows another's environment, so one whose own is not to be seen is looked at again. */
async function lookWhenExecuted(colony: TestColony): Promise<WorldSeen> {
  let seen = await look(colony);
  const isMarked = ({ dead, run }: SessionSeen) => dead || seen.processes.some((process) => process.run === run);
  for (let again = 0; again < 50 && !seen.sessions.every(isMarked); again++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    seen = await look(colony);
  }
  return seen;
}

function count(processes: readonly { readonly run: string }[], run: string): number {
  return processes.filter((process) => process.run === run).length;
}

/** Every whole line is an entry, and their numbers have no gap; a line torn by a kill is the only exception. */
function expectReadable(colony: TestColony): void {
  const lines = readFileSync(colony.paths.journal, 'utf8').split('\n').filter(Boolean);
  const entries = lines.map((line) => JSON.parse(line) as Entry);
  const [first] = entries;
  expect(
    entries.map(({ seq }) => seq),
    'numbers of the journal',
  ).toEqual(entries.map((_, i) => (first?.seq ?? 1) + i));
  const lives = entries.flatMap((entry) => (entry.type === 'started' || entry.type === 'adopted' ? [entry.run] : []));
  expect(lives, 'lives, each written down once').toEqual([...new Set(lives)]);
}

async function expectOwnClients(colony: TestColony): Promise<void> {
  await waitFor('exactly the two tmux clients of the supervisor', async () => (await clientsOf(colony)).length === 2);
}
