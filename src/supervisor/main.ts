import { closeSync, writeSync } from 'node:fs';
import { sweepCommands } from '../command/sweep.ts';
import { EXIT, type Problem } from '../control/protocol.ts';
import type { Manager } from '../login/types.ts';
import type { Desired } from '../reconciler/types.ts';
import type { Colony } from './colony.ts';
import { unconfirmed } from './configuration.ts';
import type { Context } from './handlers/context.ts';
import { keepHistory } from './history/historian.ts';
import { accept, arm, reject } from './in-force.ts';
import { leave } from './leave.ts';
import { keepLog, type Log, type ScreenFormat } from './log.ts';
import { Loop } from './loop.ts';
import { observe } from './observe.ts';
import { type Opened, openColony } from './open.ts';
import { pass } from './pass.ts';
import { sayReady } from './readiness.ts';
import { reconnect } from './reconnect.ts';
import { held } from './reload.ts';
import { reloading } from './reloading.ts';
import { listen } from './server.ts';
import { moveIntoShelter } from './shelter.ts';
import { endOnSignal, whenToldToEnd } from './told-to-end.ts';
import { stirs } from './untold.ts';

export type SuperviseOptions = {
  readonly path: string;
  readonly profiles: readonly string[];
  /** Started by `apply`: say on file descriptor 3 whether it worked, and do nothing until that apply is accepted. */
  readonly background: boolean;
  /** Started in the place of one that has left: act at once, with the configuration that was in force. */
  readonly takeOver: boolean;
  /** Started by a service manager, in the place of whoever supervises. */
  readonly manager: Manager | undefined;
  readonly firstLog: string | undefined;
  /** Started by `apply --refresh-env`: the environment of this process is that of the agents from now on. */
  readonly refreshEnv: boolean;
  /** A signal to end is for the agents too: where this process goes, they could not run on. */
  readonly stopAgents: boolean;
  /** The form of what is written on standard error in the foreground. */
  readonly log: ScreenFormat;
};

/** Run the supervisor until it is told to end; the answer is the exit code. */
export async function supervise(options: SuperviseOptions): Promise<number> {
  const opened = await openColony(options);
  if (!opened.ok) return refuse(options, opened.error);
  bearFullDisks();
  const { colony, journal, desired, fromFile } = opened.value;
  // Before anything else: what is begun now must not meet what the same hook was doing for the supervisor before.
  if (runsCommands(colony.desired ?? desired)) await sweepCommands();
  const log = keepLog(colony, onScreen(options));
  const { loop, onRest } = makeLoop(colony, log);
  const problem = await reconnect(colony, desired, loop.wake);
  if (problem) {
    await opened.value.withdraw();
    journal.close();
    return refuse(options, problem);
  }
  const quitting = whenToldToEnd(options.stopAgents ? endOnSignal({ colony, loop, onRest }) : async () => undefined);
  const server = await listen(colony.paths.socket, { colony, loop, onRest, quit: quitting.quit });
  if (options.takeOver || !options.background) await begin(colony, fromFile);
  if (options.background) report({ ok: true });
  sayReady();
  void moveIntoShelter(colony).catch(log.bug);
  colony.reports.watch(() => loop.wake('ended'));
  colony.reader.watch(loop.wake);
  loop.wake();
  const reloader = reloading(colony, () => loop.wake(), onRest);
  const history = setTimeout(() => keepHistory(colony), HISTORY_AFTER).unref();
  const reason = await quitting.reason;
  clearTimeout(history);
  loop.stop();
  await leave(opened.value, { server, log, reloader }, reason);
  return EXIT.done;
}

/** What launchd and cron are told goes to the very file of the log. */
function onScreen({ background, manager, log }: SuperviseOptions): ScreenFormat | undefined {
  return !background && (manager === undefined || manager === 'systemd') ? log : undefined;
}

/** What is written to a log that finds no space is lost; it is no reason to end. */
function bearFullDisks(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.removeAllListeners('error').on('error', () => undefined);
}

/** The past is read after the first work is done, as the log's library is loaded. */
const HISTORY_AFTER = 1_000;

function refuse({ background }: SuperviseOptions, problem: Problem): number {
  if (background) report({ ok: false, problem });
  else process.stderr.write(`colony: ${problem.text}\n`);
  return problem.exit;
}

/** Tell the `apply` that waits for this process. */
function report(message: { ok: true } | { ok: false; problem: Problem }): void {
  writeSync(3, `${JSON.stringify(message)}\n`);
  closeSync(3);
}

function makeLoop(colony: Colony, log: Log): { loop: Loop; onRest: Context['onRest'] } {
  const resting = new Set<() => void>();
  const loop: Loop = new Loop({
    pass: async (news) => {
      if (!colony.tmux && colony.desired) await reconnect(colony, colony.desired, loop.wake);
      return pass(colony, loop.wake, news);
    },
    now: colony.clock,
    stirs: () => stirs(colony),
    onRest: () => {
      for (const listener of resting) listener();
    },
    onBug: log.bug,
  });
  const onRest: Context['onRest'] = (listener) => {
    resting.add(listener);
    return () => resting.delete(listener);
  };
  return { loop, onRest };
}

/** Without anybody to ask, the file is put in force only if it takes away no more than half of what runs. */
async function begin(colony: Colony, fromFile: Opened['fromFile']): Promise<void> {
  if (!fromFile) {
    arm(colony);
    return;
  }
  const { observed } = await observe(colony, fromFile.desired);
  const question = unconfirmed(fromFile.desired, observed);
  if (question) {
    reject(colony, held(question));
    arm(colony);
  } else accept(colony, fromFile.desired, fromFile);
}

/** Whether an earlier supervisor may have left a command behind that it had no time to end: a hook, or a probe. */
function runsCommands({ agents }: Desired): boolean {
  return [...agents.values()].some(
    ({ hooks, probes }) =>
      Object.values(hooks).some((hook) => hook !== undefined) ||
      Object.values(probes).some((some) => some.some((probe) => probe.exec !== undefined)),
  );
}
