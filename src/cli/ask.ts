import { setTimeout as pause } from 'node:timers/promises';
import { addressed, type CallFailure, call } from '../control/client.ts';
import { EXIT, PROTOCOL, type Problem, type StatusReport, type Version } from '../control/protocol.ts';
import type { Millis, Result } from '../reconciler/types.ts';
import type { OfflineAsk } from '../supervisor/offline.ts';
import type { Colony } from './colony.ts';
import { type Failure, failureOf, isProblem } from './failure.ts';
import { notAnswering } from './silence.ts';

/** How long a supervisor may take to leave after it has closed its door. */
const LEAVING: Millis = 2_000;

export type Question = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** The same question for the case that no supervisor runs. */
  readonly offline: OfflineAsk;
};

export type Answer<T> = {
  readonly value: T;
  /** false: no supervisor runs, and the answer was read from its files and from tmux. */
  readonly live: boolean;
};

/** Ask the supervisor, or find out without one. `understood` tells the expected answer from that of another protocol. */
export async function ask<T>(
  colony: Colony,
  question: Question,
  understood: (value: T) => boolean,
): Promise<Result<Answer<T>, Failure>> {
  const answered = await callPatiently<T>(colony, question);
  if (answered.ok) {
    if (understood(answered.value)) return { ok: true, value: { value: answered.value, live: true } };
    return { ok: false, error: await notUnderstood(colony, `the answer to ${question.path} has an unknown form`) };
  }
  if (answered.error.kind !== 'absent') return { ok: false, error: await whyNot(colony, answered.error) };
  return askOffline(colony, question.offline);
}

/** One that is just leaving answers nobody; in a moment somebody else does, or nobody is there. */
async function callPatiently<T>(colony: Colony, question: Question): Promise<Result<T, CallFailure>> {
  const deadline = performance.now() + LEAVING;
  for (;;) {
    const { method, path, body } = question;
    const answered = await call<T>(colony.socket, method, addressed(path, colony.path), body);
    const leaving = !answered.ok && answered.error.kind === 'broken' && answered.error.unanswered;
    if (!leaving || performance.now() > deadline) return answered;
    await pause(50);
  }
}

/** Why the supervisor did not do what it was asked, in words for people. */
export async function whyNot(colony: Colony, failure: CallFailure): Promise<Failure> {
  if (failure.kind === 'absent') {
    return {
      exit: EXIT.unavailable,
      text: `no supervisor runs for ${colony.name}`,
      hint: 'colony apply starts it',
    };
  }
  if (failure.kind === 'silent') return notAnswering(colony);
  if (failure.kind === 'broken') return notUnderstood(colony, failure.why);
  // Another protocol may have other problems, and may not know the request at all.
  const understood = isProblem(failure.problem) && failure.problem.code !== 'bad_request';
  return understood ? failureOf(failure.problem) : notUnderstood(colony, problemText(failure.problem));
}

/** A status that belongs to this very file; a colony of the same name elsewhere is another one. */
export function ownedElsewhere(colony: Colony, report: StatusReport): Failure | undefined {
  if (report.config.path === colony.path) return undefined;
  return {
    exit: EXIT.heldElsewhere,
    text: `a colony named ${colony.name} already belongs to ${report.config.path}`,
    hint: `give this one another name in ${colony.path}: name: …`,
  };
}

/** The version question is asked only now, so that no command pays for it while all is well. */
async function notUnderstood(colony: Colony, why: string): Promise<Failure> {
  if (/\bEACCES\b/.test(why)) {
    const text = `this user may not ask the supervisor of ${colony.name}: ${why}`;
    return {
      exit: EXIT.unavailable,
      text,
      hint: 'be the user whose colony it is; COLONY_HOME names a folder of your own',
    };
  }
  const version = await call<Version>(colony.socket, 'GET', '/v1/version');
  if (version.ok && typeof version.value.protocol === 'number' && version.value.protocol !== PROTOCOL) {
    const { protocol, pid, version: release } = version.value;
    return {
      exit: EXIT.unavailable,
      text: `the supervisor of ${colony.name} is version ${release} and speaks protocol ${protocol}, this program speaks ${PROTOCOL}`,
      hint: `end it with \`kill ${pid}\` and run \`colony apply\`: its agents keep running and are taken over`,
    };
  }
  return { exit: EXIT.unavailable, text: `the supervisor of ${colony.name} could not be asked: ${why}` };
}

/** Find out without a supervisor. */
export async function askOffline<T>(colony: Colony, question: OfflineAsk): Promise<Result<Answer<T>, Failure>> {
  const { offline } = await import('../supervisor/offline.ts');
  const { home, name, path } = colony;
  const found = await offline({ home, name, path }, question);
  if (!found.ok) return { ok: false, error: failureOf(found.error) };
  return { ok: true, value: { value: found.value as T, live: false } };
}

function problemText(problem: Problem): string {
  return isProblem(problem) ? problem.text : 'it refused in words that this program does not know';
}
