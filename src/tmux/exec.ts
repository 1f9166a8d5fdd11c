import type { Millis, Result } from '../reconciler/types.ts';
import { failureFrom, HOW_TO_INSTALL } from './failure.ts';
import type { TmuxFailure } from './types.ts';

/** What every tmux process of ours is started with. */
export type Program = {
  readonly binary: string;
  /** The whole environment; nothing of ours is added. */
  readonly environment: Readonly<Record<string, string>>;
  /** How long tmux may take for one answer. */
  readonly timeout: Millis;
};

/**
 * Run tmux once and give back what it printed.
 *
 * `command` is what a failure will name. A process that does not end in time is killed.
 */
export async function execTmux(
  program: Program,
  command: string,
  args: readonly string[],
): Promise<Result<string, TmuxFailure>> {
  // Loaded late: a supervisor that finds its tmux in order never needs it.
  const { execa } = await import('execa');
  const done = await execa(program.binary, args, {
    env: program.environment,
    extendEnv: false,
    cwd: '/',
    stdin: 'ignore',
    timeout: program.timeout,
    killSignal: 'SIGKILL',
    reject: false,
  });
  if (!done.failed) return { ok: true, value: done.stdout };
  if (done.code === 'ENOENT') return { ok: false, error: missing(program.binary, command) };
  if (done.timedOut) return { ok: false, error: silent(command, program.timeout) };
  const said = done.stderr || done.stdout || (done.shortMessage ?? '');
  return { ok: false, error: failureFrom(command, said, done.exitCode ?? null) };
}

export function missing(binary: string, command: string): TmuxFailure {
  return { code: 'missing', command, why: `there is no program \`${binary}\`: ${HOW_TO_INSTALL}` };
}

export function silent(command: string, timeout: Millis): TmuxFailure {
  return { code: 'unreachable', command, why: `tmux gave no answer within ${timeout} ms` };
}
