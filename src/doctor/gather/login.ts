import { existsSync } from 'node:fs';
import { readFacts } from '../../login/facts.ts';
import { type Machine, thisMachine } from '../../login/machine.ts';
import { enableSteps, verdictOf } from '../../login/plan.ts';
import { readRecord } from '../../login/record.ts';
import type { Target } from '../../login/types.ts';
import type { LoginState } from '../types.ts';

/** Read how the colony stands with what starts it at boot. Changes nothing. */
export async function gatherLogin(target: Target, machine: Machine = thisMachine()): Promise<LoginState> {
  const facts = await readFacts(machine, target);
  const record = readRecord(target.record);
  const steps = record ? enableSteps(record.target, facts) : [];
  const named = record ? [record.target.node, record.target.program[0] ?? ''] : [];
  return {
    colony: target.colony,
    manager: record?.manager,
    facts,
    // What was enabled then is what has to be there now.
    verdict: verdictOf(record?.target ?? target, facts),
    config: record?.target.config,
    launcher: facts.files.get(target.launcher),
    outdated: steps.flatMap((step) => (step.kind === 'write' && facts.files.has(step.path) ? [step.path] : [])),
    gone: named.filter((path) => path !== '' && !existsSync(path)),
  };
}
