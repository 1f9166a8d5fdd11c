import type { ReasonCode } from '../../reconciler/types.ts';
import type { WaitsStatus } from './agent-status.ts';
import type { Target } from './target.ts';

export type PlanRequest = Target;

export type PlanReport = {
  readonly version: 1;
  readonly colony: string;
  readonly rows: readonly PlanRow[];
  readonly summary: {
    readonly add: number;
    readonly replace: number;
    readonly change: number;
    readonly remove: number;
  };
  /** Agents for which something is wanted that cannot be done now, and why. */
  readonly blocked: readonly { readonly agent: string; readonly reason: ReasonCode; readonly text: string }[];
  /** Variables whose value in the asking shell differs from the captured one (names only). */
  readonly drifted_variables: readonly string[];
};

/** One line of a plan. */
export type PlanRow = {
  readonly sign: Sign;
  readonly agent: string;
  readonly reason: ReasonCode;
  /** The reason as a sentence. */
  readonly text: string;
  readonly changes: readonly FieldChange[];
  /** What it waits for; absent: it is done at once. */
  readonly waits?: WaitsStatus['for'];
  /** What becomes of the conversation an agent is in; absent where there is none. */
  readonly conversation?: 'kept' | 'new';
};

export type Sign = '+' | '-' | '-/+' | '~';

export type FieldChange = {
  readonly field: string;
  /** Absent: the field was not set before. `(secret)` stands for a value that is not shown. */
  readonly from?: string;
  readonly to?: string;
};
