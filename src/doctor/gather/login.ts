import { existsSync } from 'node:fs';
import { readFacts } from '../../login/facts.ts';
import { type Machine, thisMachine } from '../../login/machine.ts';
import { verdictOf } from '../../login/plan.ts';
import { readRecord } from '../../login/record.ts';
import { unitPlaces } from '../../login/systemd.ts';
import type { Target } from '../../login/types.ts';
import type { LoginState } from '../types.ts';

/** Read how the colony stands with what starts it at boot. Changes nothing. */
export async function gatherLogin(target: Target, machine: Machine = thisMachine()): Promise<LoginState> {
  const facts = await readFacts(machine, target);
  const record = readRecord(target.record);
  const { unit } = unitPlaces(target.colony, facts.systemd?.configHome ?? `${facts.user.home}/.config`);
  const named = record ? [record.target.node, record.target.program[0] ?? ''] : [];
  return {
    colony: target.colony,
    manager: record?.manager,
    facts,
    // What was enabled then is what has to be there now.
    verdict: verdictOf(record?.target ?? target, facts),
    unit: facts.files.get(unit),
    launcher: facts.files.get(target.launcher),
    gone: named.filter((path) => path !== '' && !existsSync(path)),
  };
}
