import { EXIT, type Problem } from '../control/protocol.ts';

/** Why a command cannot go on, ready to be printed, and the exit code that says so to scripts. */
export type Failure = {
  readonly exit: number;
  readonly text: string;
  /** What to do about it: printed on a line of its own. */
  readonly hint?: string;
  /** `text` names its own places, as diagnostics of the file do, so that no `colony:` belongs before it. */
  readonly finished?: true;
  /** The supervisor's own word for it, where it was one that refused. */
  readonly code?: Problem['code'];
};

/** A supervisor's refusal as the command line prints it. */
export function failureOf(problem: Problem): Failure {
  const failure = { exit: problem.exit, text: problem.text, code: problem.code };
  return problem.code === 'invalid_config' ? { ...failure, finished: true } : failure;
}

/** A value of any other form comes from a partner that speaks another protocol. */
export function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  const { code, exit, text } = value as Partial<Problem>;
  return typeof code === 'string' && typeof exit === 'number' && typeof text === 'string';
}

/** A command that needs a person, in a place where none can answer. */
export function needsTerminal(text: string, hint: string): Failure {
  return { exit: EXIT.failed, text, hint };
}
