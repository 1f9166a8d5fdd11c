import { earliest } from '../policies/earliest.ts';
import { advise, hasPolicies, type Policy, type PolicyView } from '../policies/index.ts';
import { noHistory } from '../reconciler/ledger.ts';
import { ownerFirst } from '../reconciler/pair.ts';
import type { Advice, AgentName, AgentSpec, Desired, Event, Millis } from '../reconciler/types.ts';
import type { News } from '../tmux/types.ts';
import { announce, type Colony } from './colony.ts';

/**
 * Ask the policies, and keep what they advise in `colony.advice`. The answer is when to ask again.
 *
 * After a short look nobody is asked: what was advised before stays, as far as it is about the life that runs and was
 * not done meanwhile. `wall`: the present on the wall clock.
 */
export async function takeAdvice(
  colony: Colony,
  desired: Desired,
  news: News,
  wall: Millis = Date.now(),
): Promise<Millis | undefined> {
  if (news === 'ended') {
    colony.advice = stillGood(colony);
    return undefined;
  }
  const { advice, events, lookAt } = await counsel(colony, desired, wall);
  colony.advice = advice;
  for (const event of events) announce(colony, event);
  return lookAt;
}

/** What the policies say of every agent that has some; `lookAt` is on the colony's steady clock. */
async function counsel(colony: Colony, desired: Desired, wall: Millis) {
  const advice = new Map<AgentName, readonly Advice[]>();
  const events: Event[] = [];
  const instants: (Millis | undefined)[] = [];
  const agents = colony.goal === 'down' ? [] : [...desired.agents.values()].filter(hasPolicies);
  const calendar = agents.some(isScheduled) ? await loadCalendar() : undefined;
  for (const spec of agents) {
    // While something is done to an agent there is nothing to say about it.
    if (colony.operations.has(spec.name)) continue;
    const said = advise(spec, viewOf(colony, spec, wall), isScheduled(spec) ? calendar : undefined);
    if (said.advice.length > 0) advice.set(spec.name, said.advice);
    events.push(...said.events);
    instants.push(said.lookAt);
  }
  return { advice, events, lookAt: earliest(instants) };
}

const isScheduled = ({ schedule }: AgentSpec) => schedule.length > 0;

async function loadCalendar(): Promise<Policy> {
  const { schedule } = await import('../policies/schedule.ts');
  return schedule;
}

function viewOf(colony: Colony, { name }: AgentSpec, wall: Millis): PolicyView {
  const session = sessionOf(colony, name);
  const history = colony.journal.ledger.agents.get(name) ?? noHistory;
  const alive = session?.main.state === 'alive';
  const run = alive ? session.run : undefined;
  const vitals = colony.vitals.get(name);
  return {
    alive,
    run,
    started: alive ? (session.started ?? (history.run === run ? history.started : undefined)) : undefined,
    now: colony.clock(),
    wall,
    // What was measured of an earlier life says nothing about this one.
    vitals: vitals !== undefined && vitals.run === run ? vitals : undefined,
    history,
    advised: colony.advice.get(name) ?? [],
  };
}

function sessionOf({ observed }: Colony, agent: AgentName) {
  return observed.known ? ownerFirst(observed.sessions.get(agent) ?? [])[0] : undefined;
}

/** Advice about a life that has ended, or that was followed, must not be followed once more. */
function stillGood(colony: Colony): Colony['advice'] {
  if (colony.advice.size === 0) return colony.advice;
  const kept = [...colony.advice].map(([agent, said]) => {
    const session = sessionOf(colony, agent);
    const run = session?.main.state === 'alive' ? session.run : undefined;
    const marks = colony.journal.ledger.agents.get(agent)?.marks ?? {};
    const isGood = ({ run: about, mark }: Advice) =>
      about === run && !(mark && (marks[mark.schedule] ?? 0) >= mark.due);
    return [agent, said.filter(isGood)] as const;
  });
  return new Map(kept.filter(([, said]) => said.length > 0));
}
