import type { RestartSpec } from '../spec/restart.ts';
import { failuresWithin } from './backoff.ts';
import type { AgentSpec, History, Millis, Reason } from './types.ts';

/** Whether an agent has failed more often, within the window, than the file allows; `action` says what then. */
export function isLooping({ crash_loop: loop }: RestartSpec, { failures }: History, now: Millis): boolean {
  return failuresWithin(failures, loop.window, now) > loop.restarts;
}

/** What is said of an agent that fails too often and is restarted all the same; undefined: nothing. */
export function loopingReason({ restart }: AgentSpec, history: History, now: Millis): Reason | undefined {
  const { restarts, window, action } = restart.crash_loop;
  const { lastExit } = history;
  if (action !== 'notify' || !lastExit || !isLooping(restart, history, now)) return undefined;
  return { code: 'crash_looping', restarts, window, last: { code: lastExit.code, signal: lastExit.signal } };
}
