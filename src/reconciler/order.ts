import { hasComeUp } from './condition.ts';
import { noHistory } from './ledger.ts';
import type { Action, AgentName, AgentSpec, Millis, ReconcileInput } from './types.ts';

const RANK: Readonly<Record<Action['do'], number>> = {
  hold: 0,
  release: 0,
  defer: 0,
  update: 1,
  nudge: 1,
  send: 1,
  type: 1,
  end: 2,
  remove: 2,
  respawn: 3,
  spawn: 3,
};

/**
 * Put the actions of a pass in order and hold back those that must not happen together.
 *
 * Ends come before starts. An agent is not ended while one that needs it is being ended too. Starts are capped by
 * `concurrency`; those held back come with a later pass, and `wakeAt` says when if time is what they wait for.
 * `vetoed`: agents that are to end as well, and whose hook does not let them yet.
 */
export function inOrder(
  actions: readonly Action[],
  vetoed: readonly AgentName[],
  input: ReconcileInput,
): { actions: Action[]; wakeAt?: number } {
  const sorted = [...actions].sort((a, b) => RANK[a.do] - RANK[b.do] || (a.agent < b.agent ? -1 : 1));
  const ending = sorted.filter((action) => isEnd(action) && !('next' in action && action.next));
  const deferred = heldByDependents(ending, vetoed, input);
  const starts = sorted.filter(isStart);
  const { allowed, wakeAt } = allowedStarts(starts.length, input);
  const released = new Set(starts.slice(0, allowed));
  const kept = sorted.filter((action) =>
    isStart(action) ? released.has(action) : !(isEnd(action) && deferred.has(action.agent)),
  );
  return wakeAt === undefined ? { actions: kept } : { actions: kept, wakeAt };
}

function isStart(action: Action): boolean {
  return action.do === 'spawn' || action.do === 'respawn';
}

function isEnd(action: Action): boolean {
  return action.do === 'end' || action.do === 'remove';
}

/** Agents whose end waits, because one that depends on them is on its way out and not gone yet. */
function heldByDependents(
  ending: readonly Action[],
  vetoed: readonly AgentName[],
  input: ReconcileInput,
): ReadonlySet<AgentName> {
  const leaving = new Set([...vetoed, ...ending.map(({ agent }) => agent)]);
  for (const [agent, operation] of input.operations) if (operation.kind === 'stopping') leaving.add(agent);
  const needed = [...leaving].flatMap((agent) => {
    const needs = input.ledger.agents.get(agent)?.applied?.depends_on ?? [];
    return needs.filter((need) => need !== agent && !needsInTurn(need, agent, input));
  });
  return new Set(needed);
}

/** Guards against a circle made of old and new settings: then nobody waits for anybody. */
function needsInTurn(agent: AgentName, target: AgentName, input: ReconcileInput, seen = new Set<AgentName>()): boolean {
  if (agent === target) return true;
  if (seen.has(agent)) return false;
  seen.add(agent);
  const needs = input.ledger.agents.get(agent)?.applied?.depends_on ?? [];
  return needs.some((need) => needsInTurn(need, target, input, seen));
}

/**
 * Programs that run and whose startup probes have not passed are still being started: until when each of them counts.
 *
 * That is as long as these probes may take to fail: one that nobody can ask must not keep all others from starting.
 */
function comingUp({ desired, ledger, observed, operations, now }: ReconcileInput): readonly Millis[] {
  if (!observed.known) return [];
  return [...desired.agents.values()].flatMap((spec) => {
    const { health, started = 0 } = ledger.agents.get(spec.name) ?? noHistory;
    const until = started + allowance(spec);
    if (until <= now || operations.has(spec.name) || hasComeUp(spec, health)) return [];
    return observed.sessions.get(spec.name)?.some(({ main }) => main.state === 'alive') ? [until] : [];
  });
}

/** How long its startup probes may take to fail; 0 without any. */
function allowance({ probes }: AgentSpec): Millis {
  const each = probes.startup.map((probe) => {
    const tries = probe.failures?.within ?? probe.failure_threshold;
    return probe.initial_delay + tries * probe.period + probe.timeout;
  });
  return Math.max(0, ...each);
}

function allowedStarts(wanted: number, input: ReconcileInput): { allowed: number; wakeAt?: number } {
  const { max_starting, stagger } = input.desired.concurrency;
  const starting = [...input.operations.values()].filter(({ kind }) => kind === 'starting');
  const rising = comingUp(input);
  const room = Math.max(0, max_starting - starting.length - rising.length);
  const full = wanted > room && rising.length > 0 ? { wakeAt: Math.min(...rising) } : {};
  if (room === 0) return { allowed: 0, ...full };
  if (stagger === 0 || wanted === 0) return { allowed: room, ...full };
  const last = Math.max(input.ledger.lastStart ?? Number.NEGATIVE_INFINITY, ...starting.map(({ since }) => since));
  const next = last + stagger;
  if (next > input.now) return { allowed: 0, wakeAt: next };
  return wanted > 1 ? { allowed: Math.min(1, room), wakeAt: input.now + stagger } : { allowed: Math.min(1, room) };
}
