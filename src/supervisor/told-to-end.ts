import { endAll } from './end-all.ts';
import type { Context } from './handlers/context.ts';

type Quitting = { readonly quit: (reason: string) => void; readonly reason: Promise<string> };

/** Told by a request, or by a signal, which ends this process once `before` is through; it hears of further ones too. */
export function whenToldToEnd(before: () => Promise<void>): Quitting {
  let quit: (reason: string) => void = () => undefined;
  const reason = new Promise<string>((resolve) => {
    quit = resolve;
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void before().then(() => quit(signal)));
  // The terminal it was started from may close; the colony has nothing to do with it.
  process.on('SIGHUP', () => undefined);
  return { quit, reason };
}

/** Ctrl-C reaches a process by its terminal and, in a container, by its parent as well: that is one request. */
const ONE_REQUEST = 1_000;

/** Stops the agents, and kills them when it is asked for again. */
export function endOnSignal(parts: Omit<Context, 'quit'>): () => Promise<void> {
  let first: number | undefined;
  return async () => {
    first ??= performance.now();
    await endAll(parts, performance.now() - first > ONE_REQUEST);
    parts.loop.stop();
    await parts.colony.tmux?.shutdown();
  };
}
