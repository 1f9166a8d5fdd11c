import { expect, test } from 'vitest';
import { emptyLedger, noHistory } from '../../src/reconciler/ledger.ts';
import type { Operation } from '../../src/reconciler/types.ts';
import { type Colony, nothingMeasured } from '../../src/supervisor/colony.ts';
import { isSettled, viewsOf } from '../../src/supervisor/handlers/settled.ts';
import { base, HOUR, NOW, sessionOf, specOf } from '../reconciler/base.ts';

const stopping: Operation = { kind: 'stopping', since: NOW, reason: { code: 'user_requested' } };

/** A supervisor whose only program has run for an hour, as far as it has seen. */
function supervisor(work: { readonly busy: readonly Operation[]; readonly operations: readonly Operation[] }): Colony {
  const agents = new Map([['db', specOf('db')]]);
  const past = { ...noHistory, run: 'db-1', started: NOW - HOUR };
  const each = (list: readonly Operation[]) => new Map(list.map((operation) => ['db', operation]));
  return {
    ...nothingMeasured(),
    desired: { ...base().desired, agents },
    observed: { ...base().observed, sessions: new Map([['db', [sessionOf('db', 1)]]]) },
    journal: { ledger: { ...emptyLedger, agents: new Map([['db', past]]) } },
    ...{ busy: each(work.busy), operations: each(work.operations), clock: () => NOW },
  } as unknown as Colony;
}

test.each([
  ['nothing is done', { busy: [], operations: [] }, true, 'ready'],
  ['it is being stopped', { busy: [], operations: [stopping] }, false, 'stopping'],
  ['its stop ended while the world was looked at', { busy: [stopping], operations: [] }, false, 'stopping'],
])('%s', (_, work, settled, phase) => {
  const colony = supervisor(work);
  expect(isSettled(colony, { changing: true, concerns: () => true }).settled).toBe(settled);
  expect(viewsOf(colony).map((view) => view.phase)).toEqual([phase]);
});
