import type { Exit, History, LastExit, Reason } from './types.ts';

/** Why a process that ended without being asked to is to be answered. */
export function exitReason(exit: Exit & { readonly oom?: boolean }): Reason {
  if (exit.oom) return { code: 'oom_killed' };
  if (exit.signal !== undefined) return { code: 'signaled', exit: { code: exit.code, signal: exit.signal } };
  return { code: 'exited', exit: { code: exit.code, signal: exit.signal } };
}

/** Why an agent ended. Of what a person closed by hand nobody saw how it ended; that it was closed says more. */
export function endReason({ reason }: History, exit: LastExit): Reason {
  if (exit.cause) return exit.cause;
  return reason?.code === 'pane_closed' || reason?.code === 'session_closed' ? reason : exitReason(exit);
}

/**
 * Whether a program ended as one that has done its work. An end that nobody could read is no success, nor is that of a
 * program that was ended because it had failed.
 */
export function isSuccess(exit: Exit & Pick<LastExit, 'cause'>, successCodes: readonly number[]): boolean {
  if (exit.cause) return false;
  return exit.signal === undefined && exit.code !== undefined && successCodes.includes(exit.code);
}
