import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changesOf } from '../../src/reconciler/changes.ts';
import { conditionOf } from '../../src/reconciler/condition.ts';
import { noHistory } from '../../src/reconciler/ledger.ts';
import { fingerprintOf, isOutdated } from '../../src/reconciler/outdated.ts';
import { ownerFirst } from '../../src/reconciler/pair.ts';
import { reconcile } from '../../src/reconciler/reconcile.ts';
import { teardown } from '../../src/reconciler/teardown.ts';
import type { Action, AgentName, AgentSpec, Plan, Session } from '../../src/reconciler/types.ts';
import {
  all,
  base,
  breaker,
  type Change,
  code,
  HOUR,
  history,
  MINUTE,
  NOW,
  noSession,
  nothing,
  removedFromFile,
  restart,
  SECOND,
  situationIn,
  spec,
  spoilt,
  type World,
} from './base.ts';
import { frozen } from './frozen.ts';
import { type Fate, runToRest, type Scenario } from './model.ts';
import { anyExit, anyWorld } from './worlds.ts';

const turned = <K, V>(map: ReadonlyMap<K, V>): ReadonlyMap<K, V> => new Map([...map].reverse());

/** The same world with everything that has no order of its own turned round. */
function mixed(world: World): World {
  const { desired, observed, ledger } = world;
  const sessions = turned(new Map([...observed.sessions].map(([agent, found]) => [agent, [...found].reverse()])));
  return {
    ...world,
    desired: { ...desired, agents: turned(desired.agents) },
    observed: { ...observed, sessions, obstacles: turned(observed.obstacles) },
    ledger: { ...ledger, agents: turned(ledger.agents) },
    operations: turned(world.operations),
  };
}

/** Actions that are steps towards what the file asks for. */
const SHOWN: ReadonlySet<Action['do']> = new Set(['spawn', 'respawn', 'end', 'remove', 'update']);

describe('one pass over any world', () => {
  const law = (holds: (world: World, plan: Plan) => void) => () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        holds(world, reconcile(world));
      }),
      { numRuns: 500 },
    );
  };

  test(
    'at most one action for each agent',
    law((_, { actions }) => expect(new Set(actions.map(({ agent }) => agent)).size).toBe(actions.length)),
  );

  test(
    'no action for an agent that is being worked on',
    law(({ operations }, { actions }) => expect(actions.filter(({ agent }) => operations.has(agent))).toEqual([])),
  );

  test(
    'no session is touched that does not carry our labels, and no name of one is used',
    law(({ observed }, { actions }) => {
      const ours = new Set([...observed.sessions.values()].flat());
      for (const action of actions) {
        if ('session' in action) expect(ours.has(action.session)).toBe(true);
        if (action.do === 'spawn') expect(observed.foreign.has(action.agent)).toBe(false);
      }
    }),
  );

  test(
    'no process is started where one lives',
    law(({ observed }, { actions }) => {
      for (const action of actions) {
        if (action.do === 'spawn') expect(observed.sessions.has(action.agent)).toBe(false);
        if (action.do === 'respawn') expect(action.session.main.state).not.toBe('alive');
      }
    }),
  );

  test(
    'no start before what it needs',
    law((world, { actions }) => {
      for (const action of actions) {
        if (action.do !== 'spawn' && action.do !== 'respawn') continue;
        expect(Object.keys(action.spec.depends_on).filter((need) => isMissed(need, action.spec, world))).toEqual([]);
      }
    }),
  );

  test(
    'no change in place of what needs a new process',
    law((_, { actions }) => {
      for (const action of actions) {
        if (action.do === 'update') expect(isOutdated(action.session.fingerprint, action.spec)).toBe(false);
      }
    }),
  );

  test(
    'while the circuit breaker is open no failure is answered, but that of the agent that is tried',
    law((world, { actions }) => {
      const { circuit } = world.ledger;
      const tried = circuit.state === 'trial' ? [circuit.agent] : [];
      const answering = actions.filter((action) => isOpen(world) && answersFailure(action, world));
      expect(tried).toEqual(expect.arrayContaining(answering.map(({ agent }) => agent)));
    }),
  );

  test(
    'no more starts than there is room',
    law(({ desired, operations }, { actions }) => {
      const starts = actions.filter((action) => action.do === 'spawn' || action.do === 'respawn').length;
      const inFlight = [...operations.values()].filter(({ kind }) => kind === 'starting').length;
      expect(starts).toBeLessThanOrEqual(Math.max(0, desired.concurrency.max_starting - inFlight));
    }),
  );

  test(
    'the order of maps and lists does not matter',
    law((world, plan) => expect(reconcile(mixed(world))).toEqual(plan)),
  );

  test(
    'an unknown world gives the empty plan',
    law((world) => {
      const blind = { ...world, observed: { known: false, at: NOW, why: 'timed out' } } as const;
      expect(reconcile(blind)).toEqual({ actions: [], wakeAt: undefined });
      expect(teardown(blind)).toEqual({ actions: [], wakeAt: undefined });
    }),
  );

  test(
    'a time to look again lies ahead',
    law(({ now }, { wakeAt }) => expect(wakeAt ?? now + 1).toBeGreaterThan(now)),
  );

  test(
    'every start, end and change in place is one that a person is shown',
    law((world, { actions }) => {
      const shown = changesOf(world).changes.map(({ agent }) => agent);
      for (const { agent, do: what } of actions) if (SHOWN.has(what)) expect(shown).toContain(agent);
    }),
  );

  test('touches nothing that it was given', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        expect(() => reconcile(frozen(world))).not.toThrow();
      }),
    );
  });
});

describe('many agents that fail together', () => {
  const NAMES = ['a', 'b', 'c', 'd'];
  /** All run, and all of them die after so long; their next lives are as `later` says. */
  const dying = (last: number, later: readonly Fate[], more: Change = nothing): Scenario => {
    const agents = NAMES.map((name) =>
      all(spec(name, {}), restart(name, { reset_after: HOUR }), noSession(name), history(name, undefined)),
    );
    const empty = all(
      ...['api', 'db', 'worker'].flatMap((name) => [removedFromFile(name), noSession(name), history(name, undefined)]),
    );
    const fates = new Map(NAMES.map((name) => [name, [{ lasts: last, exit: code(3) }, ...later]]));
    return { world: spoilt(empty, ...agents, breaker({ cool_off: 5 * MINUTE }), more), fates, kills: new Set() };
  };
  const told = (given: Scenario) =>
    (runToRest(given)?.events ?? []).flatMap((entry) =>
      ['circuit_opened', 'circuit_trial', 'circuit_closed', 'started'].includes(entry.type)
        ? [`${(entry.at - NOW) / SECOND} ${entry.type}${'agent' in entry ? ` ${entry.agent}` : ''}`]
        : [],
    );

  test('once: all come back, and nothing opens', () => {
    const story = told(dying(MINUTE, []));
    expect(story.filter((line) => !line.includes('started'))).toEqual([]);
    expect(story.filter((line) => line.startsWith('60 started'))).toHaveLength(4);
  });

  test('twice, and each life had lasted: nothing opens', () => {
    const story = told(dying(MINUTE, [{ lasts: MINUTE, exit: code(3) }]));
    expect(story.filter((line) => !line.includes('started'))).toEqual([]);
  });

  test('twice at once: a pause, one is tried, and the others follow one after another', () => {
    const story = told(dying(MINUTE, [{ lasts: 0, exit: code(3) }]));
    expect(story.slice(8)).toEqual([
      '60 circuit_opened',
      '360 circuit_trial a',
      '360 started a',
      '370 circuit_closed',
      expect.stringMatching(/^370\.\d+ started/),
      expect.stringMatching(/^37[01]\.\d+ started/),
      expect.stringMatching(/^37[01]\.\d+ started/),
    ]);
  });

  test('for long: one is tried after each pause, and the pauses use up no crash loop', () => {
    const again = { lasts: 0, exit: code(3) };
    const story = runToRest(dying(MINUTE, [again, again, again, again, again, again, again]));
    const types = story?.events.map(({ type }) => type) ?? [];
    expect(types).not.toContain('held');
    expect(types.filter((type) => type === 'circuit_opened').length).toBeGreaterThan(6);
    expect(reconcile(story?.world ?? base()).actions).toEqual([]);
    expect(story?.world.ledger.circuit.state).toBe('closed');
  });

  test('switched off: each goes its own way', () => {
    const story = told(dying(MINUTE, [{ lasts: 0, exit: code(3) }], breaker({ mode: 'off' })));
    expect(story.filter((line) => line.includes('circuit'))).toEqual([]);
  });

  test('with a supervisor that is killed again and again: the same trial after the same pause', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 40 })), (kills) => {
        const given = dying(MINUTE, [{ lasts: 0, exit: code(3) }]);
        const story = told({ ...given, kills: new Set(kills) });
        expect(story.filter((line) => line.includes('circuit'))).toEqual([
          '60 circuit_opened',
          '360 circuit_trial a',
          '370 circuit_closed',
        ]);
      }),
    );
  });
});

describe('plans performed on a model, until nothing is left to do', () => {
  const fate: fc.Arbitrary<Fate> = fc.record({ lasts: fc.constantFrom(0, 10, 6_000, HOUR), exit: anyExit });
  const fates = fc.dictionary(
    fc.constantFrom('alpha', 'beta', 'delta', 'gamma', 'zeta'),
    fc.array(fate, { maxLength: 4 }),
  );
  const scenario = (kills: fc.Arbitrary<readonly number[]>): fc.Arbitrary<Scenario> =>
    fc
      .record({ world: anyWorld, fates, kills })
      .map((all) => ({ world: all.world, fates: new Map(Object.entries(all.fates)), kills: new Set(all.kills) }));

  const peaceful = scenario(fc.constant([]));
  const murderous = scenario(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 }));

  test.each([
    ['an undisturbed supervisor', peaceful],
    ['a supervisor that is killed again and again', murderous],
  ])('%s ends with everything as the file asks for', (_, scenarios) => {
    fc.assert(
      fc.property(scenarios, (given) => {
        const story = runToRest(given);
        expect(story).toBeDefined();
        if (!story) return;
        expect(reconcile(story.world).actions).toEqual([]);
        expect(strays(story.world)).toEqual([]);
        expect(unsatisfied(story.world)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('what a healthy agent does not need is not done to it: no end without a reason of the file or of a person', () => {
    fc.assert(
      fc.property(peaceful, (given) => {
        const reasons = runToRest(unspoilt(given))?.actions.flatMap((action) =>
          action.do === 'end' ? action.reason.code : [],
        );
        for (const reason of reasons ?? []) expect(['config_changed', 'user_requested']).toContain(reason);
      }),
    );
  });

  test('an empty file leaves nothing behind, and who is needed goes after those who need it', () => {
    fc.assert(
      fc.property(anyWorld, (given) => {
        const world = { ...given, desired: { ...given.desired, agents: new Map<AgentName, AgentSpec>() } };
        const story = runToRest({ world, fates: new Map(), kills: new Set() });
        expect(story?.world.observed.sessions.size).toBe(0);
        const gone = story?.actions.flatMap(({ agent, reason }) => (reason.code === 'duplicate' ? [] : [agent])) ?? [];
        for (const [index, agent] of gone.entries()) {
          for (const earlier of gone.slice(0, index)) {
            expect(inForce(agent, given).includes(earlier) && !needs(earlier, agent, given)).toBe(false);
          }
        }
      }),
    );
  });
});

/** The same without anything that probes and policies have found. */
function unspoilt(given: Scenario): Scenario {
  const { ledger } = given.world;
  const agents = new Map(
    [...ledger.agents].map(([agent, past]) => [agent, { ...past, health: noHistory.health, hold: undefined }]),
  );
  return { ...given, world: { ...given.world, advice: new Map(), ledger: { ...ledger, agents } } };
}

const isOpen = ({ desired, ledger }: World): boolean =>
  desired.circuit_breaker.mode === 'on' && ledger.circuit.state !== 'closed';

/** Whether it is a start that is due because the same program ended, and not well. */
function answersFailure(action: Action, world: World): boolean {
  if (action.do !== 'spawn' && action.do !== 'respawn') return false;
  const { unanswered, lastExit } = world.ledger.agents.get(action.agent) ?? noHistory;
  if (!unanswered || !lastExit || lastExit.code === 0) return false;
  return !isOutdated(fingerprintOf(lastExit, ownerIn(world, action.agent)), action.spec);
}

/** Whom the agent needs by the settings in force. */
const inForce = (agent: AgentName, world: World): readonly AgentName[] =>
  world.ledger.agents.get(agent)?.applied?.depends_on ?? [];

/** Whether it needs the other one, be it through third ones. */
function needs(agent: AgentName, other: AgentName, world: World, seen: readonly AgentName[] = []): boolean {
  return inForce(agent, world).some(
    (next) => next === other || (!seen.includes(next) && needs(next, other, world, [...seen, next])),
  );
}

const ownerIn = ({ observed }: World, agent: AgentName): Session | undefined =>
  ownerFirst(observed.sessions.get(agent) ?? [])[0];

/** Sessions of ours that ought not to be there. */
function strays(world: World): readonly AgentName[] {
  return [...world.observed.sessions].flatMap(([agent, found]) =>
    found.length > 1 || world.desired.agents.get(agent)?.enabled !== true ? [agent] : [],
  );
}

/** Agents that are neither as the file asks for, nor have a good reason not to be. */
function unsatisfied(world: World): readonly AgentName[] {
  return [...world.desired.agents.values()].flatMap((spec) =>
    !spec.enabled || isAsAsked(spec, world) || mayRest(spec, world) || waitsForItsMoment(spec, world)
      ? []
      : [spec.name],
  );
}

function isAsAsked(spec: AgentSpec, world: World): boolean {
  const session = ownerIn(world, spec.name);
  const history = world.ledger.agents.get(spec.name);
  return (
    session?.main.state === 'alive' &&
    session.fingerprint === spec.fingerprint &&
    JSON.stringify(history?.applied?.settings) === JSON.stringify(spec.settings) &&
    // A session whose run label was taken away stays as it is until its process ends.
    (session.run === undefined || history?.run === session.run) &&
    history?.hold?.reason.code !== 'user_requested' &&
    (session.run === undefined || history?.replace !== session.run)
  );
}

/** Other settings wait for a person, or for a moment in which it is idle and nobody types. */
function waitsForItsMoment(spec: AgentSpec, world: World): boolean {
  return spec.update.mode !== 'immediate' && situationIn(world, spec.name).is === 'deferred';
}

/** Held, in somebody's way, done with its work, or waiting for one that is not there. */
function mayRest(spec: AgentSpec, world: World): boolean {
  const history = world.ledger.agents.get(spec.name);
  if (ownerIn(world, spec.name)?.main.state === 'alive') return false;
  if (world.observed.obstacles.has(spec.name) || history?.hold) return true;
  return hasDone(spec, world) || Object.keys(spec.depends_on).some((need) => isMissed(need, spec, world));
}

function hasDone(spec: AgentSpec, world: World): boolean {
  const { policy } = spec.restart;
  const exit = world.ledger.agents.get(spec.name)?.lastExit;
  if (!exit?.unplanned) return false;
  return policy === 'never' || (policy === 'on-failure' && exit.code === 0);
}

/** Whether the condition that `spec` puts on `need` is not fulfilled. */
function isMissed(need: AgentName, { depends_on }: AgentSpec, world: World): boolean {
  const needed = world.desired.agents.get(need);
  if (!needed?.enabled) return true;
  const alive = ownerIn(world, need)?.main.state === 'alive';
  const completed = !alive && hasCompleted(needed, world);
  if (depends_on[need]?.condition === 'completed') return !completed;
  if (depends_on[need]?.condition === 'started') return !alive && !completed;
  const health = world.ledger.agents.get(need)?.health ?? noHistory.health;
  return !alive || conditionOf(needed, health).is !== 'ready';
}

/** It has done its work as the file asks for now, and nothing has happened to it since. */
function hasCompleted(spec: AgentSpec, world: World): boolean {
  const history = world.ledger.agents.get(spec.name);
  const exit = history?.unanswered ? history.lastExit : undefined;
  return exit?.code === 0 && !isOutdated(fingerprintOf(exit, ownerIn(world, spec.name)), spec);
}

test('the longest wait of these worlds is a minute, so an hour of them is soon over', () => {
  fc.assert(
    fc.property(anyWorld, (world) => {
      const { wakeAt } = reconcile(world);
      expect(wakeAt ?? world.now).toBeLessThanOrEqual(world.now + MINUTE);
    }),
  );
});
