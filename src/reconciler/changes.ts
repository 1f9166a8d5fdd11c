import { decide } from './decide.ts';
import { type Difference, differences } from './diff.ts';
import type { Waits } from './gate.ts';
import { pair } from './pair.ts';
import { type Situation, situationOf } from './situation.ts';
import type { Action, AgentName, Reason, ReconcileInput } from './types.ts';

export type Sign = '+' | '-' | '-/+' | '~';

/** One change as a person reads it. */
export type Change = {
  readonly sign: Sign;
  readonly agent: AgentName;
  readonly reason: Reason;
  readonly differences: readonly Difference[];
  /** What it waits for; undefined: it is done at once. */
  readonly waits?: Waits['for'];
};

/** An agent that ought to run and cannot be started now. */
export type Blocked = { readonly agent: AgentName; readonly reason: Reason };

export type Changes = { readonly changes: readonly Change[]; readonly blocked: readonly Blocked[] };

/**
 * Everything that stands between the world and the file, by agent.
 *
 * A plan holds what one pass may do; this also holds what later passes will do: starts that wait for other agents or
 * for room.
 */
export function changesOf(input: ReconcileInput): Changes {
  if (!input.observed.known) return { changes: [], blocked: [] };
  const situations = pair(input.desired, input.observed).map(
    (pairing) => [pairing.agent, situationOf(pairing, input)] as const,
  );
  return {
    changes: situations.flatMap(([agent, situation]) => changeOf(agent, situation, input) ?? []),
    blocked: situations.flatMap(([agent, situation]) =>
      situation.is === 'held' || situation.is === 'failing' ? [{ agent, reason: situation.reason }] : [],
    ),
  };
}

function changeOf(agent: AgentName, situation: Situation, input: ReconcileInput): Change | undefined {
  if (situation.is === 'waiting') return { sign: '+', agent, reason: situation.reason, differences: [] };
  if (situation.is === 'deferred' && situation.want.what === 'update') return putOff(agent, situation, input);
  const { action } = decide(agent, situation, input.ledger);
  const sign = action && signOf(action);
  if (!sign) return undefined;
  return { sign, agent, reason: action.reason, differences: differencesOf(action, input) };
}

/** Settings that need a new process, of an agent that gets one later. */
function putOff(
  agent: AgentName,
  { want, waits, spec }: Extract<Situation, { is: 'deferred' }>,
  input: ReconcileInput,
): Change {
  const applied = input.ledger.agents.get(agent)?.applied;
  const changed = applied ? differences(applied.settings, spec.settings) : [];
  return { sign: '-/+', agent, reason: want.reason, differences: changed, waits: waits.for };
}

/** A hold changes nothing that runs. */
function signOf(action: Action): Sign | undefined {
  switch (action.do) {
    case 'spawn':
    case 'respawn':
      return '+';
    case 'end':
      return action.next ? '-/+' : '-';
    case 'remove':
      return '-';
    case 'update':
      return '~';
    case 'hold':
    case 'release':
    case 'defer':
    case 'nudge':
    case 'send':
    case 'type':
      return undefined;
  }
}

function differencesOf(action: Action, input: ReconcileInput): readonly Difference[] {
  const applied = input.ledger.agents.get(action.agent)?.applied;
  const spec = action.do === 'end' ? action.next : action.do === 'update' ? action.spec : undefined;
  return applied && spec ? differences(applied.settings, spec.settings) : [];
}
