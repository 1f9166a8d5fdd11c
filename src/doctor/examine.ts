import { agentsReady, programsKnown } from './checks/agents.ts';
import { COLONY_CHECKS, nameTaken } from './checks/colony.ts';
import { atLogin } from './checks/login.ts';
import { MACHINE_CHECKS } from './checks/machine.ts';
import type { ColonyFacts, Facts, Finding, Level } from './types.ts';

/** Everything that the checks say of the facts, the gravest first. Pure. */
export function examine({ machine, colony }: Facts): readonly Finding[] {
  const found: readonly Finding[] = [
    ...MACHINE_CHECKS.map((check) => check(machine)),
    ...(colony ? ofColony(colony) : []),
  ];
  return [...found].sort((a, b) => RANK[b.level] - RANK[a.level]);
}

function ofColony(colony: ColonyFacts): readonly Finding[] {
  const taken = nameTaken(colony);
  if (taken) return [taken];
  return [
    ...COLONY_CHECKS.map((check) => check(colony)),
    ...atLogin(colony),
    ...agentsReady(colony),
    ...programsKnown(colony),
  ];
}

const RANK: Readonly<Record<Level, number>> = { ok: 0, note: 1, warning: 2, error: 3 };
