import type { AgentsRequest } from './agents.ts';

/** What agents can be waited for to be. */
export const AWAITED = ['ready', 'stopped', 'idle', 'completed'] as const;
export type Awaited = (typeof AWAITED)[number];

/** Wait until agents are so. Neither names nor labels: all that are meant to run. */
export type WaitRequest = Pick<AgentsRequest, 'targets' | 'labels'> & {
  readonly for: Awaited;
  /** Give up after this long; 0 looks once. */
  readonly wait_ms: number;
};
