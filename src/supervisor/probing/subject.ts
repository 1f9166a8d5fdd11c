import type { AgentName, AgentSpec, Health, Millis, PaneId, RunId } from '../../reconciler/types.ts';

/** One life that runs, as its probes need to know it. */
export type Subject = {
  readonly agent: AgentName;
  readonly run: RunId;
  readonly generation: number;
  readonly pane: PaneId;
  readonly started: Millis;
  readonly spec: AgentSpec;
  /** What is published of it so far. */
  readonly health: Health;
  /** Something is being done to it: meanwhile nothing is checked. */
  readonly paused: boolean;
};
