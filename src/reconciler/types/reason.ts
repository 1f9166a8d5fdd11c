import type { Bytes, Millis } from '../../spec/define.ts';
import type { Circuit } from './circuit.ts';
import type { Attention } from './conversation.ts';
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
  /** These probes have not passed yet; `text`: what the last one said. */
  | { readonly code: 'starting_up'; readonly role: 'startup' | 'readiness'; readonly text: string | undefined }
  | { readonly code: 'startup_timeout'; readonly probe: string; readonly text: string }
  | { readonly code: 'not_ready'; readonly probe: string; readonly text: string }
  | { readonly code: 'liveness_failed'; readonly probe: string; readonly text: string }
  /** A liveness probe of the kind `activity` failed. */
  | { readonly code: 'hung'; readonly text: string }
  | { readonly code: 'memory_limit'; readonly used: Bytes; readonly limit: Bytes; readonly for: Millis }
  | { readonly code: 'memory_growth'; readonly grown: Bytes; readonly within: Millis }
  | {
      readonly code: 'cpu_busy';
      readonly cpu: number;
      readonly above: number;
      readonly for: Millis;
      readonly silent: boolean;
    }
  | { readonly code: 'max_age'; readonly after: Millis }
  | { readonly code: 'scheduled'; readonly cron: string; readonly tz: string }
  | { readonly code: 'hook_failed'; readonly hook: HookName; readonly why: string }
  /** What the file names as the sign that the work is done was seen. */
  | { readonly code: 'work_done'; readonly text: string }
  | { readonly code: 'context_full'; readonly context: number; readonly above: number }
  /** `time`: which of at most `times` this is. */
  | { readonly code: 'idle'; readonly for: Millis; readonly time: number; readonly times: number }
  /** `until`: when that was; undefined: nobody knows when it will be. */
  | { readonly code: 'limit_reset'; readonly until: Millis | undefined }
  | { readonly code: 'waiting'; readonly for: Attention['for']; readonly after: Millis }
  | { readonly code: 'memory_reserve'; readonly available: Bytes; readonly reserve: Bytes }
  /** A pattern of the file took too long to match; `what` it is for, such as `liveness: log`. */
  | { readonly code: 'pattern_given_up'; readonly what: string; readonly pattern: string }
  | { readonly code: 'adopted' };

/** The moments at which commands of the user run around a life of an agent. */
export type HookName = 'pre_start' | 'post_start' | 'pre_stop' | 'post_stop';

export type ReasonCode = Reason['code'];

/** A dependency at which the waiting ends, until somebody does something: what it is, and why. */
export type Stuck = {
  readonly agent: AgentName;
  readonly is: 'absent' | 'disabled' | 'stopped' | 'held' | 'completed' | 'waiting';
  readonly reason: Reason;
};
