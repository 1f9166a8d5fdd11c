import { earliest } from '../policies/earliest.ts';
import { advise, hasPolicies, type Policy, type PolicyView } from '../policies/index.ts';
import { noHistory } from '../reconciler/ledger.ts';
import { ownerFirst } from '../reconciler/pair.ts';
import type { Advice, AgentName, AgentSpec, Desired, Event, Millis } from '../reconciler/types.ts';
import type { News } from '../tmux/types.ts';
import { announce, type Colony } from './colony.ts';

/** When to ask again, and when to measure first and ask then. */
export type Again = { readonly lookAt: Millis | undefined; readonly measureAt: Millis | undefined };

const NEVER: Again = { lookAt: undefined, measureAt: undefined };

/**
 * Ask the policies, and keep what they advise in `colony.advice`. The answer is when to ask again.
 *
 * After a short look nobody is asked: what was advised before stays, and whoever acts on it leaves out what is about
 * another life or was done since. `wall`: the present on the wall clock.
 */
export async function takeAdvice(
  colony: Colony,
  desired: Desired,
  news: News,
  wall: Millis = Date.now(),
): Promise<Again> {
  if (news === 'ended') return NEVER;
  const { advice, events, ...again } = await counsel(colony, desired, wall);
  const isNews = inShort(advice) !== inShort(colony.advice);
  colony.advice = advice;
  for (const event of events) announce(colony, event);
  // What people are told is noticed at the beginning of a pass.
  return isNews ? { ...again, lookAt: colony.clock() } : again;
}

/** Who is advised to do what. */
function inShort(advice: Colony['advice']): string {
  return [...advice].map(([agent, all]) => [agent, ...all.map(({ policy, wish }) => `${policy} ${wish.do}`)]).join();
}

/** What the policies say of every agent that has some; `lookAt` is on the colony's steady clock. */
async function counsel(colony: Colony, desired: Desired, wall: Millis) {
  const advice = new Map<AgentName, readonly Advice[]>();
  const events: Event[] = [];
  const counsels: Again[] = [];
  const agents = colony.goal === 'down' ? [] : [...desired.agents.values()].filter(hasPolicies);
  const calendar = agents.some(isScheduled) ? await loadCalendar() : undefined;
  const sharing = accounts(colony, desired);
  for (const spec of agents) {
    if (colony.operations.has(spec.name)) {
      const stands = stillAdvised(colony, spec.name);
      if (stands) advice.set(spec.name, stands);
      continue;
    }
    const found = advise(spec, viewOf(colony, spec, wall, sharing), isScheduled(spec) ? calendar : undefined);
    if (found.advice.length > 0) advice.set(spec.name, found.advice);
    events.push(...found.events);
    counsels.push(found);
  }
  const lookAt = earliest(counsels.map((found) => found.lookAt));
  return { advice, events, lookAt, measureAt: earliest(counsels.map((found) => found.measureAt)) };
}

/** While something is done to an agent there is nothing new to say about it; of a life that goes on the old stands. */
function stillAdvised({ operations, advice }: Colony, agent: AgentName): readonly Advice[] | undefined {
  return operations.get(agent)?.kind === 'changing' ? advice.get(agent) : undefined;
}

const isScheduled = ({ schedule }: AgentSpec) => schedule.length > 0;

async function loadCalendar(): Promise<Policy> {
  const { schedule } = await import('../policies/schedule.ts');
  return schedule;
}

/** The agents that run and share an account, by account. */
type Sharing = ReadonlyMap<string, readonly AgentName[]>;

function accounts(colony: Colony, { agents }: Desired): Sharing {
  const sharing = new Map<string, AgentName[]>();
  for (const spec of agents.values()) {
    if (!spec.limit || sessionOf(colony, spec.name)?.main.state !== 'alive') continue;
    const account = accountOf(colony, spec);
    sharing.set(account, [...(sharing.get(account) ?? []), spec.name]);
  }
  return sharing;
}

/** Where nobody tells, all of a kind count as one: to go on too slowly is the smaller mistake. */
function accountOf({ vitals }: Colony, { name, kind }: AgentSpec): string {
  return vitals.get(name)?.told.account ?? kind;
}

/** What a policy would know of one agent at this moment. */
export function policyViewOf(colony: Colony, desired: Desired, spec: AgentSpec): PolicyView {
  return viewOf(colony, spec, Date.now(), accounts(colony, desired));
}

function viewOf(colony: Colony, spec: AgentSpec, wall: Millis, sharing: Sharing): PolicyView {
  const { name } = spec;
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
    typed: session?.typed,
    others: (sharing.get(accountOf(colony, spec)) ?? []).filter((other) => other !== name),
    history,
    advised: colony.advice.get(name) ?? [],
  };
}

function sessionOf({ observed }: Colony, agent: AgentName) {
  return observed.known ? ownerFirst(observed.sessions.get(agent) ?? [])[0] : undefined;
}
