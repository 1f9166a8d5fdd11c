import type { Millis } from '../spec/define.ts';

/** A time limit that can also be called off from outside. */
export type Deadline = {
  /** Aborted when the time is up, or when nobody wants to know any more. */
  readonly signal: AbortSignal;
  /** The time is up. */
  readonly passed: boolean;
  /** Leaves nothing behind: neither a timer nor a listener. */
  clear(): void;
};

/** A limit of `timeout` from now on, or until `cancel`. */
export function deadline(timeout: Millis, cancel: AbortSignal): Deadline {
  const controller = new AbortController();
  const state = { passed: false };
  const timer = setTimeout(() => {
    state.passed = true;
    controller.abort();
  }, timeout);
  const abort = () => controller.abort();
  if (cancel.aborted) abort();
  else cancel.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    get passed() {
      return state.passed;
    },
    clear: () => {
      clearTimeout(timer);
      cancel.removeEventListener('abort', abort);
    },
  };
}

/** The result of `work`, or undefined when it does not come in time or is called off; what comes later is dropped. */
export async function inTime<T>(work: Promise<T>, timeout: Millis, cancel: AbortSignal): Promise<T | undefined> {
  const limit = deadline(timeout, cancel);
  try {
    return await Promise.race([
      work,
      new Promise<undefined>((resolve) => {
        if (limit.signal.aborted) resolve(undefined);
        else limit.signal.addEventListener('abort', () => resolve(undefined), { once: true });
      }),
    ]);
  } finally {
    limit.clear();
  }
}
