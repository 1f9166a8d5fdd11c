import type { Millis } from '../../spec/define.ts';
import type { Circuit } from './circuit.ts';
import type { Exit } from './observed.ts';
import type { AgentName } from './words.ts';

/** Why something was done or was not done: a closed set, each with one plain sentence in explain.ts. */
export type Reason =
  | { readonly code: 'not_running' }
  | { readonly code: 'exited'; readonly exit: Exit }
  | { readonly code: 'signaled'; readonly exit: Exit }
  | { readonly code: 'oom_killed' }
  | { readonly code: 'crash_loop'; readonly restarts: number; readonly window: Millis }
  /** As a crash loop, but it goes on; `last`: how it ended the last time. */
  | { readonly code: 'crash_looping'; readonly restarts: number; readonly window: Millis; readonly last: Exit }
  | { readonly code: 'circuit_open'; readonly circuit: Circuit }
  | { readonly code: 'config_changed'; readonly fields: readonly string[] }
  | { readonly code: 'removed_from_file' }
  | { readonly code: 'disabled' }
  | { readonly code: 'user_requested' }
  | {
      readonly code: 'dependency_not_ready';
      readonly agents: readonly AgentName[];
      /** One of `agents` that will not become what is waited for by itself; undefined: each of them still may. */
      readonly stuck: Stuck | undefined;
    }
  | { readonly code: 'command_not_found'; readonly program: string | undefined }
  | { readonly code: 'command_not_executable'; readonly program: string | undefined }
  | { readonly code: 'workdir_missing'; readonly path: string }
  | { readonly code: 'name_taken'; readonly session: string }
  | { readonly code: 'start_failed'; readonly why: string }
  | { readonly code: 'pane_closed' }
  | { readonly code: 'session_closed' }
  | { readonly code: 'duplicate' }
  | { readonly code: 'tmux_unreachable'; readonly why: string }
  | { readonly code: 'tmux_server_lost' }
  | { readonly code: 'rebooted' }
  | { readonly code: 'adopted' };

export type ReasonCode = Reason['code'];

/** A dependency at which the waiting ends, until somebody does something: what it is, and why. */
export type Stuck = {
  readonly agent: AgentName;
  readonly is: 'absent' | 'disabled' | 'stopped' | 'held' | 'completed' | 'waiting';
  readonly reason: Reason;
};
