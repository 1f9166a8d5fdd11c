import type { FieldChange, PlanReport, PlanRow } from '../control/protocol.ts';
import { type Change, type Changes, changesOf } from '../reconciler/changes.ts';
import type { Difference } from '../reconciler/diff.ts';
import { explain } from '../reconciler/explain.ts';
import type { ReconcileInput } from '../reconciler/types.ts';
import { outlook } from './starting/outlook.ts';

/** What applying `input.desired` would do, for people and scripts. */
export function planReport(input: ReconcileInput, driftedVariables: readonly string[]): PlanReport {
  const { changes, blocked }: Changes = changesOf(input);
  const rows = changes.map((change) => planRow(change, input));
  const count = (sign: PlanRow['sign']) => rows.filter((row) => row.sign === sign).length;
  return {
    version: 1,
    colony: input.desired.name,
    rows,
    summary: { add: count('+'), replace: count('-/+'), change: count('~'), remove: count('-') },
    blocked: blocked.map(({ agent, reason }) => ({ agent, reason: reason.code, text: explain(reason) })),
    drifted_variables: driftedVariables,
  };
}

const LATER = {
  idle: 'as soon as it is idle',
  person: 'as soon as nobody types there',
  command: 'when a person restarts it',
  dialog: 'as soon as it waits for nobody',
  limit: 'as soon as its usage limit is reset',
} as const;

function planRow({ sign, agent, reason, differences, waits }: Change, { desired, ledger }: ReconcileInput): PlanRow {
  const text = waits ? `${explain(reason)}; ${LATER[waits]}` : explain(reason);
  const row = {
    ...{ sign, agent, reason: reason.code, text, changes: differences.map(fieldChange) },
    ...(waits ? { waits } : {}),
  };
  const spec = sign === '-/+' ? desired.agents.get(agent) : undefined;
  const conversation = spec && outlook(spec, ledger, differences);
  return conversation ? { ...row, conversation } : row;
}

function fieldChange({ field, from, to }: Difference): FieldChange {
  return {
    field,
    ...(from === undefined ? {} : { from: shown(from) }),
    ...(to === undefined ? {} : { to: shown(to) }),
  };
}

/** What a plan shows for a value that may be secret. */
const SECRET = '(secret)';

/** A digest tells that a secret changed; the digest itself tells a person nothing. */
function shown(value: string): string {
  return value.startsWith('secret:') ? SECRET : value;
}
