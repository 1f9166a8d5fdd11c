import type { Millis } from '../../spec/define.ts';
import type { AgentName, RunId } from './words.ts';

/** What the circuit breaker of the colony does: failures of many agents together are answered with care. */
export type Circuit =
  /** `agents`: how many waited when it closed; they start one after another. Failures before `since` are dealt with. */
  | { readonly state: 'closed'; readonly since: Millis; readonly agents: number }
  /** No failure is answered. `agents`: how many failed together. */
  | { readonly state: 'open'; readonly since: Millis; readonly agents: number }
  /** One agent is started, to see how it does. `run`: its run that had failed, not the one that is tried. */
  | {
      readonly state: 'trial';
      readonly since: Millis;
      readonly agents: number;
      readonly agent: AgentName;
      readonly run: RunId | undefined;
    };
