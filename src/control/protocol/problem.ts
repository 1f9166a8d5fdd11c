import type { PlanReport } from './plan.ts';

/** Why a request was not granted. `text` is for people and may hold several lines. */
export type Problem = {
  readonly code:
    | 'invalid_config'
    | 'unconfirmed'
    | 'other_folder'
    | 'needs_down'
    | 'no_such_agent'
    | 'not_running'
    | 'tmux_unavailable'
    | 'held_elsewhere'
    | 'unwritable'
    | 'bad_request'
    | 'stopping'
    /** An apply by a newer release: the supervisor makes room for one of that release when it is asked to. */
    | 'older_supervisor'
    | 'other_supervisor'
    | 'other_protocol'
    /** Nothing will ever tell what was asked about. */
    | 'unknowable'
    /** A session that cannot become an agent. */
    | 'not_adoptable'
    | 'internal';
  readonly exit: number;
  readonly text: string;
  /** With `unconfirmed`: what would be done. */
  readonly plan?: PlanReport;
  /** With `older_supervisor`: who has to make room. */
  readonly supervisor?: { readonly pid: number; readonly version: string };
};
