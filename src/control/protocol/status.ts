import type { AgentStatus } from './agent-status.ts';

/** The contract of `colony status -o json`; `version` is raised when a field changes its meaning or goes. */
export type StatusReport = {
  readonly version: 1;
  readonly colony: string;
  readonly config: {
    readonly path: string;
    readonly valid: boolean;
    /** Counts the configurations that were accepted. */
    readonly generation: number;
    readonly error?: string;
  };
  readonly supervisor: { readonly pid: number; readonly version: string; readonly since: string } | null;
  readonly tmux: { readonly command: string; readonly reachable: boolean; readonly error?: string };
  /** Who starts the colony after a reboot (`colony enable`); null: nobody. */
  readonly login: LoginStatus | null;
  /** What a person should know about the colony's own records, one sentence each; none while all is well. */
  readonly warnings: readonly string[];
  readonly summary: { readonly ready: number; readonly total: number };
  readonly agents: readonly AgentStatus[];
};

export type LoginStatus = {
  readonly manager: 'systemd' | 'launchd' | 'cron';
  /** It comes at boot and stays after the last logout; null where there is no such thing. */
  readonly lingering: boolean | null;
  /** The supervisor that runs was started by it. */
  readonly in_charge: boolean;
};
