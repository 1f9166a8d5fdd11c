import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { EXIT, type Problem } from '../control/protocol.ts';
import type { Millis, Result } from '../reconciler/types.ts';
import { type Colony, lookAgain } from './colony.ts';
import { type Failure, failureOf } from './failure.ts';

/** What the supervisor writes on its file descriptor 3 once it can be asked, or knows that it never will. */
type Readiness = { readonly ok: true } | { readonly ok: false; readonly problem: Problem };

/** A supervisor that has not answered by then hangs: a start takes well under a second. */
const START_DEADLINE: Millis = 20_000;

/** How many lines of the log explain a supervisor that ended instead of starting. */
const LOG_LINES = 8;

/**
 * Start the supervisor of a colony as a process of its own that outlives this one, and wait until it can be asked.
 *
 * It does nothing to any agent before the first apply, unless it is to take over from one that has left: then it goes on
 * where that one stopped. One that does not become ready is ended again.
 */
export async function startSupervisor(
  colony: Colony,
  profiles: readonly string[],
  { takeOver = false, refreshEnv = false } = {},
): Promise<Result<void, Failure>> {
  const opened = openLog(colony);
  if (!opened.ok) return opened;
  const log = opened.value;
  const logStart = fstatSync(log).size;
  // Opened now: the supervisor of a new colony gives its log another place.
  const words = openSync(colony.log, 'r');
  const flags = [
    ...(takeOver ? ['--take-over'] : []),
    ...(refreshEnv ? ['--refresh-env'] : []),
    ...(colony.applied ? [] : ['--first-log', colony.log]),
    ...profiles.flatMap((name) => ['--profile', name]),
  ];
  const child = spawnSupervisor(colony, flags, log);
  closeSync(log);
  const ready = await readiness(child);
  child.unref();
  const written = ready === 'ended' ? readFileSync(words).subarray(logStart).toString('utf8').trim() : '';
  closeSync(words);
  // A supervisor that got as far as to know its name has taken it along.
  if (!colony.applied) rmSync(colony.log, { force: true });
  if (ready === 'ended') return { ok: false, error: endedEarly(lookAgain(colony), child, written) };
  if (ready === 'silent') {
    child.kill('SIGTERM');
    return { ok: false, error: tooSlow(lookAgain(colony)) };
  }
  return ready.ok ? { ok: true, value: undefined } : { ok: false, error: failureOf(ready.problem) };
}

function openLog({ dir, log, home }: Colony): Result<number, Failure> {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return { ok: true, value: openSync(log, 'a', 0o600) };
  } catch (error) {
    const text = `nothing can be written in ${home}: ${error instanceof Error ? error.message : error}`;
    const hint = 'make it writable for this user, or name another folder with COLONY_HOME';
    return { ok: false, error: { exit: EXIT.unavailable, text, hint } };
  }
}

/** Keeps young objects in two megabytes: the process is 8 MiB smaller, and a pass makes no more garbage than that. */
const ENGINE = ['--max-semi-space-size=2'];

function spawnSupervisor(colony: Colony, more: readonly string[], log: number): ChildProcess {
  const script = process.argv[1] ?? '';
  const flags = ['--background', '-f', colony.path, ...more];
  return spawn(process.execPath, [...process.execArgv, ...ENGINE, script, 'supervise', ...flags], {
    detached: true,
    // Not the folder of the file: that one may be deleted or unmounted while the supervisor runs.
    cwd: '/',
    env: supervisorEnvironment(colony),
    stdio: ['ignore', log, log, 'pipe'],
  });
}

/** Who is asked from within an agent, or by a hook, must not end together with it: it does not inherit their marks. */
function supervisorEnvironment({ home }: Colony): NodeJS.ProcessEnv {
  const { COLONY_RUN_ID, COLONY_COMMAND_ID, ...environment } = process.env;
  return { ...environment, ...(process.env.COLONY_HOME ? { COLONY_HOME: home } : {}) };
}

function readiness(child: ChildProcess): Promise<Readiness | 'ended' | 'silent'> {
  const pipe = child.stdio[3];
  if (!(pipe instanceof Readable)) throw new Error('a child with a pipe as descriptor 3 has none');
  let timer: NodeJS.Timeout | undefined;
  return new Promise<Readiness | 'ended' | 'silent'>((resolve) => {
    timer = setTimeout(() => resolve('silent'), START_DEADLINE);
    createInterface({ input: pipe }).once('line', (line) => resolve(JSON.parse(line) as Readiness));
    child.once('error', () => resolve('ended'));
    child.once('close', () => resolve('ended'));
  }).finally(() => {
    clearTimeout(timer);
    pipe.destroy();
  });
}

function endedEarly(colony: Colony, child: ChildProcess, written: string): Failure {
  const how =
    child.signalCode ?? (child.exitCode === null ? 'it could not be executed' : `exit code ${child.exitCode}`);
  const lines = written === '' ? [] : written.split('\n').slice(-LOG_LINES);
  const place = `${lines.length > 0 ? 'the end of its' : 'it wrote nothing to its'} log, ${colony.log}`;
  return {
    exit: EXIT.unavailable,
    text: `the supervisor of ${colony.name} did not start (${how})`,
    hint: [lines.length > 0 ? `${place}:` : place, ...lines.map((line) => `  ${line}`)].join('\n'),
  };
}

function tooSlow(colony: Colony): Failure {
  return {
    exit: EXIT.unavailable,
    text: `the supervisor of ${colony.name} was not ready after ${START_DEADLINE / 1_000}s and was ended again`,
    hint: `its log is ${colony.log}`,
  };
}
