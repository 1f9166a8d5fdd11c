import { type AgentStatus, EXIT, type StatusReport } from '../control/protocol.ts';
import type { Result } from '../reconciler/types.ts';
import { ask, ownedElsewhere } from './ask.ts';
import type { Colony } from './colony.ts';
import type { Failure } from './failure.ts';
import { type Selection, select } from './select.ts';

export type StatusOptions = {
  readonly file: string | undefined;
  readonly selection: Selection;
  readonly output: 'table' | 'wide' | 'json' | 'yaml' | 'name';
  readonly watch: boolean;
};

/** A status, and the agents in it that were asked for. */
export type Look = { readonly report: StatusReport; readonly agents: readonly AgentStatus[] };

/** Ask how the selected agents are. */
export async function look(colony: Colony, selection: Selection): Promise<Result<Look, Failure>> {
  const question = { method: 'GET', path: '/v1/status', offline: { kind: 'status' } } as const;
  const answer = await ask<StatusReport>(
    colony,
    question,
    ({ version, agents }) => version === 1 && Array.isArray(agents),
  );
  if (!answer.ok) return answer;
  const report = answer.value.value;
  const foreign = ownedElsewhere(colony, report);
  if (foreign) return { ok: false, error: foreign };
  const chosen = select(report.agents, selection);
  if (!chosen.ok) return { ok: false, error: await nothingSelected(report, chosen.error) };
  return { ok: true, value: { report, agents: chosen.value } };
}

async function nothingSelected(
  report: StatusReport,
  { written, what }: { readonly written: string; readonly what: 'name' | 'glob' | 'label' },
): Promise<Failure> {
  const names = report.agents.map(({ name }) => name);
  if (what === 'label')
    return { exit: EXIT.noSuchAgent, text: `no agent of ${report.colony} has the label ${written}` };
  if (what === 'glob') return { exit: EXIT.noSuchAgent, text: `no agent of ${report.colony} fits "${written}"` };
  const { didYouMean } = await import('./render/did-you-mean.ts');
  const meant = didYouMean(written, names);
  const text = `${report.colony} has no agent "${written}"`;
  return {
    exit: EXIT.noSuchAgent,
    text,
    hint: meant ? `did you mean ${meant}?` : `it has: ${names.join(', ') || 'none'}`,
  };
}
