import type { Exit, Reason } from './types.ts';

/** Why a process that ended without being asked to is to be answered. */
export function exitReason(exit: Exit & { readonly oom?: boolean }): Reason {
  if (exit.oom) return { code: 'oom_killed' };
  if (exit.signal !== undefined) return { code: 'signaled', exit: { code: exit.code, signal: exit.signal } };
  return { code: 'exited', exit: { code: exit.code, signal: exit.signal } };
}

/** Whether a program ended as one that has done its work. An end that nobody could read is no success. */
export function isSuccess(exit: Exit, successCodes: readonly number[]): boolean {
  return exit.signal === undefined && exit.code !== undefined && successCodes.includes(exit.code);
}
