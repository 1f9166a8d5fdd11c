import type { Ask, Look } from '../../src/probes/look.ts';
import type { ProbeSpec } from '../../src/spec/probes.ts';

/** A probe as the configuration makes it: with all defaults, and nothing to look at. */
export function probe(over: Partial<ProbeSpec> = {}): ProbeSpec {
  return {
    exec: undefined,
    http: undefined,
    tcp: undefined,
    screen: undefined,
    activity: undefined,
    heartbeat: undefined,
    log: undefined,
    initial_delay: 0,
    period: 10_000,
    timeout: 5_000,
    success_threshold: 1,
    failure_threshold: 3,
    failures: undefined,
    on_failure: 'restart',
    nudge: ['Escape'],
    ...over,
  };
}

/** A world that knows nothing. */
export const nothing: Ask = {
  screen: async () => ({ ok: false, error: 'there is no tmux' }),
  command: async () => ({ is: 'aborted' }),
  output: async () => ({ ok: false, error: 'there is no output' }),
  unchangedSince: async () => ({ ok: true, value: undefined }),
  matches: async () => ({ ok: false, error: 'nobody matches' }),
  vitals: () => undefined,
  reported: () => undefined,
};

/** A check that is being made at 1,000,000, of a life that began a thousand seconds ago. */
export function look(over: Partial<Look> = {}): Look {
  return {
    agent: 'web',
    run: 'web-1',
    generation: 1,
    pane: '%1',
    role: 'liveness',
    index: 0,
    started: 0,
    watched: 0,
    now: 1_000_000,
    timeout: 5_000,
    cancel: new AbortController().signal,
    ask: nothing,
    ...over,
  };
}
