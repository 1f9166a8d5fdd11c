import { agentsReady, programsKnown } from './checks/agents.ts';
import { COLONY_CHECKS } from './checks/colony.ts';
import { atLogin } from './checks/login.ts';
import { MACHINE_CHECKS } from './checks/machine.ts';
import type { Facts, Finding, Level } from './types.ts';

/** Everything that the checks say of the facts, the gravest first. Pure. */
export function examine({ machine, colony }: Facts): readonly Finding[] {
  const found: readonly Finding[] = [
    ...MACHINE_CHECKS.map((check) => check(machine)),
    ...(colony
      ? [
          ...COLONY_CHECKS.map((check) => check(colony)),
          ...atLogin(colony),
          ...agentsReady(colony),
          ...programsKnown(colony),
        ]
      : []),
  ];
  return [...found].sort((a, b) => RANK[b.level] - RANK[a.level]);
}

const RANK: Readonly<Record<Level, number>> = { ok: 0, note: 1, warning: 2, error: 3 };
