import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type CallFailure, call } from '../../src/control/client.ts';
import type { StatusReport } from '../../src/control/protocol.ts';
import { readTable } from '../../src/processes/table.ts';
import type { Result } from '../../src/reconciler/types.ts';
import type { TestColony } from './colony.ts';
import { waitFor } from './wait.ts';

/** One tmux session with the labels of an agent. */
export type SessionSeen = {
  readonly agent: string;
  readonly run: string;
  readonly generation: number;
  readonly pid: number;
  readonly dead: boolean;
};

/** One process that carries a run id of the colony. */
export type ProcessSeen = { readonly pid: number; readonly agent: string; readonly run: string };

/** What really runs, read without colony's help. */
export type WorldSeen = { readonly sessions: readonly SessionSeen[]; readonly processes: readonly ProcessSeen[] };

const FORMAT = '#{@colony_agent} #{@colony_run} #{@colony_generation} #{pane_pid} #{pane_dead}';

/** Look at the tmux server and at every process of the machine. */
export async function look(colony: TestColony): Promise<WorldSeen> {
  const { stdout } = await colony.tmux('list-panes', '-a', '-F', FORMAT);
  const sessions = stdout.split('\n').flatMap((line) => {
    const [agent, run, generation, pid, dead] = line.split(' ');
    if (!agent || run === undefined) return [];
    return [{ agent, run, generation: Number(generation), pid: Number(pid), dead: dead === '1' }];
  });
  return { sessions, processes: processesOf(colony.file) };
}

/** Every living process that was started as, or by, an agent of this file. */
export function processesOf(file: string): readonly ProcessSeen[] {
  return [...readTable().values()].flatMap(({ pid, zombie }) => {
    if (zombie) return [];
    const environment = environmentOf(pid);
    const run = environment.get('COLONY_RUN_ID');
    if (run === undefined || environment.get('COLONY_CONFIG') !== file) return [];
    return [{ pid, agent: environment.get('COLONY_AGENT') ?? '', run }];
  });
}

function environmentOf(pid: number): ReadonlyMap<string, string> {
  const words = environmentText(pid).split(process.platform === 'linux' ? '\0' : ' ');
  return new Map(words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
}

function environmentText(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/environ`, 'utf8');
    return execFileSync('ps', ['-Eww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/** The status without starting a program for it; a failure where no supervisor runs. */
export function ask(colony: TestColony): Promise<Result<StatusReport, CallFailure>> {
  return call<StatusReport>(colony.paths.socket, 'GET', '/v1/status');
}

const AT_REST: ReadonlySet<string> = new Set(['ready', 'stopped', 'held', 'completed', 'disabled', 'backoff']);

/** The status as soon as the supervisor has nothing more to do by itself. */
export function settled(colony: TestColony): Promise<StatusReport> {
  return waitFor('the colony to settle', async () => {
    const asked = await ask(colony);
    if (!asked.ok) return undefined;
    const { agents, tmux } = asked.value;
    const atRest = agents.every(({ phase, drift, pid }) => AT_REST.has(phase) && (drift.length === 0 || pid === null));
    return atRest && tmux.reachable ? asked.value : undefined;
  });
}

/** The clients of the colony's tmux server, by pid. */
export async function clientsOf(colony: TestColony): Promise<readonly number[]> {
  const { stdout } = await colony.tmux('list-clients', '-F', '#{client_pid}');
  return stdout.split('\n').filter(Boolean).map(Number);
}
