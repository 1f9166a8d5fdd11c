/** Random worlds, consistent or not: a pass must keep its laws in each of them. */

import fc from 'fast-check';
import { noHistory } from '../../src/reconciler/ledger.ts';
import { nothingTold } from '../../src/reconciler/nothing-told.ts';
import type {
  Advice,
  AgentName,
  AgentSpec,
  Circuit,
  Exit,
  History,
  Letter,
  MainPane,
  Obstacle,
  Operation,
  Reason,
  Session,
  Veto,
  Vitals,
} from '../../src/reconciler/types.ts';
import type { CircuitBreakerSpec } from '../../src/spec/colony.ts';
import {
  appliedOf,
  base,
  HOUR,
  lastExitOf,
  MINUTE,
  NOW,
  probeSpec,
  restartSpec,
  SECOND,
  SERVER,
  sessionOf,
  specOf,
  verdict,
  type World,
} from './base.ts';

/** In this order: an agent only ever needs ones that stand before it, so the file has no circle. */
export const NAMES = ['alpha', 'beta', 'delta', 'gamma', 'zeta'] as const;

export const anyExit: fc.Arbitrary<Exit> = fc.oneof(
  fc.constantFrom(0, 1, 3, 126, 127).map((code) => ({ code, signal: undefined })),
  fc.constantFrom(9, 15).map((signal) => ({ code: undefined, signal })),
  fc.constant({ code: undefined, signal: undefined }),
);

export const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq = 3) => fc.option(arbitrary, { nil: undefined, freq });
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

export const past = fc.integer({ min: NOW - 2 * HOUR, max: NOW });
/** Two hash versions of two commands. */
export const fingerprint = fc.constantFrom('v1:a', 'v1:b', 'v2:a');
const settings = fc.record({ command: fc.constantFrom('a', 'b'), 'labels.team': fc.constantFrom('core', 'web') });
export const run = (agent: AgentName) => fc.constantFrom(`${agent}-1`, `${agent}-2`, `${agent}-3`);

export const reason: fc.Arbitrary<Reason> = fc.constantFrom<Reason>(
  { code: 'not_running' },
  { code: 'user_requested' },
  { code: 'oom_killed' },
  { code: 'disabled' },
  { code: 'pane_closed' },
  { code: 'config_changed', fields: [] },
);

const restartArbitrary = fc.record({
  policy: fc.constantFrom('always', 'unless-stopped', 'on-failure', 'never'),
  initial: fc.constantFrom(0, SECOND),
  jitter: fc.constantFrom(0, 0.2),
  loop: fc.constantFrom('hold', 'notify', 'off'),
});

const dependsOn = (agent: AgentName) =>
  fc
    .dictionary(
      fc.constantFrom(...NAMES),
      fc.record({ condition: fc.constantFrom('started' as const, 'ready' as const, 'completed' as const) }),
      { maxKeys: 2 },
    )
    .map((needs) => Object.fromEntries(Object.entries(needs).filter(([need]) => need < agent)));

const someProbe = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.constantFrom([probeSpec()], [probeSpec({ on_failure: 'nudge' })]) },
);
const anyProbes = fc.record({ startup: someProbe, readiness: someProbe, liveness: someProbe });

const anyVerdict = fc
  .record({
    is: fc.constantFrom('healthy', 'unhealthy'),
    on_failure: fc.constantFrom('restart', 'nudge', 'notify', 'none'),
    nudged: fc.boolean(),
    everHealthy: fc.boolean(),
  })
  .map(({ is, ...rest }) => verdict(is, rest));
const anyHealth = fc.record({ startup: maybe(anyVerdict), readiness: maybe(anyVerdict), liveness: maybe(anyVerdict) });

const anyVeto = (agent: AgentName): fc.Arbitrary<Veto> =>
  fc.record({
    hook: fc.constantFrom('pre_start', 'pre_stop'),
    why: fc.constant('exit code 1'),
    at: fc.integer({ min: NOW - MINUTE, max: NOW }),
    times: fc.integer({ min: 1, max: 4 }),
    run: maybe(run(agent)),
  });

/** Names of what can be put off. */
const what = fc.constantFrom('update', 'liveness', 'memory', 'max_age');

const anyAdvice = (agent: AgentName): fc.Arbitrary<Advice> =>
  fc
    .record({
      policy: fc.constantFrom('memory', 'max_age'),
      run: fc.oneof(fc.constant(undefined), run(agent)),
      wish: fc.constantFrom<Advice['wish']>(
        ...(['stop', 'restart', 'start', 'hold', 'notify', 'warn'] as const).map((wish) => ({ do: wish })),
        { do: 'send', text: 'continue' },
      ),
      reason: fc.constantFrom<Reason>(
        { code: 'max_age', after: HOUR },
        { code: 'memory_limit', used: 2, limit: 1, for: 0 },
      ),
      when: fc.constantFrom('now', 'idle'),
      patience: fc.constantFrom(undefined, 0, MINUTE),
    })
    // Only a schedule starts what does not run, and each of its times is dealt with once.
    .map((advice) => (advice.wish.do === 'start' ? { ...advice, mark: { schedule: 'x', due: NOW } } : advice));

const anyVitals = (agent: AgentName): fc.Arbitrary<Vitals> =>
  fc
    .record({
      run: run(agent),
      state: fc.constantFrom('busy', 'idle', 'waiting', 'limited', 'unknown'),
      until: fc.constantFrom(undefined, NOW - MINUTE, NOW + MINUTE),
      conversation: anyConversation,
    })
    .map(({ run: life, state, until, conversation }) => ({
      ...{ run: life, samples: [], output: NOW, said: undefined, told: { ...nothingTold, conversation } },
      activity: { state, source: 'output', at: NOW, since: NOW, ...(until === undefined ? {} : { until }) },
    }));

/** Few, so that two agents often name the same one. */
const anyConversation = fc.constantFrom(undefined, 'one', 'two');

const anyLetters = fc
  .array(
    fc.record({
      id: fc.uuid(),
      what: fc.constant({ text: 'go on', submit: true, literal: false }),
      when: fc.constantFrom<Letter['when']>('now', 'idle'),
      force: fc.boolean(),
      since: fc.constant(NOW),
    }),
    { maxLength: 2 },
  )
  .map((letters): readonly Letter[] | undefined => (letters.length === 0 ? undefined : letters));

const anySpec = (agent: AgentName): fc.Arbitrary<AgentSpec> =>
  fc
    .record({
      enabled: fc.integer({ max: 9, min: 0 }).map((roll) => roll > 0),
      kind: fc.constantFrom<AgentSpec['kind']>('shell', 'claude', 'aider'),
      fingerprint,
      settings,
      depends_on: dependsOn(agent),
      restart: restartArbitrary,
      probes: anyProbes,
      update: fc.constantFrom<AgentSpec['update']>(
        { mode: 'immediate', wait: undefined },
        { mode: 'immediate', wait: undefined },
        { mode: 'when_idle', wait: MINUTE },
        { mode: 'when_idle', wait: undefined },
        { mode: 'manual', wait: undefined },
      ),
    })
    .map(({ restart: { policy, initial, jitter, loop }, ...rest }) =>
      specOf(agent, {
        ...rest,
        restart: {
          ...restartSpec,
          policy,
          backoff: { ...restartSpec.backoff, initial, jitter, max: MINUTE },
          crash_loop: { restarts: 3, window: 10 * MINUTE, action: loop },
        },
      }),
    );

export const anyApplied = (agent: AgentName) =>
  fc
    .record({ fingerprint, settings, depends_on: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 2 }) })
    .map((fields) => ({ ...appliedOf(specOf(agent)), ...fields }));

const anyHistory = (agent: AgentName): fc.Arbitrary<History> =>
  fc
    .record({
      generation: fc.nat(3),
      run: maybe(run(agent), 6),
      started: maybe(past, 6),
      applied: maybe(anyApplied(agent), 6),
      ending: fc.oneof(
        { weight: 4, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.record({ run: run(agent), reason }) },
      ),
      failures: fc.array(past, { maxLength: 6 }),
      attempt: fc.nat(6),
      looping: fc.boolean(),
      exit: maybe(fc.record({ exit: anyExit, run: run(agent), at: past, fingerprint, uptime: maybe(fc.nat(HOUR)) })),
      unanswered: fc.boolean(),
      hold: fc.oneof(
        { weight: 5, arbitrary: fc.constant(undefined) },
        {
          weight: 1,
          arbitrary: fc.record({ reason, since: past, fingerprint: maybe(fingerprint), stops: fc.boolean() }),
        },
      ),
      health: fc.oneof({ weight: 2, arbitrary: fc.constant(noHistory.health) }, { weight: 1, arbitrary: anyHealth }),
      veto: rarely(anyVeto(agent)),
      conversation: fc
        .constantFrom('one', 'two', undefined)
        .map((id) => id && { id, since: NOW, how: 'assigned' as const }),
      attention: fc.constantFrom(undefined, { state: 'waiting' as const, for: 'permission' as const, since: NOW }),
      deferred: fc.dictionary(what, fc.record({ reason, since: past }), { maxKeys: 2 }),
      replace: fc.oneof(fc.constant(undefined), run(agent)),
      reason: maybe(reason),
    })
    .map(({ exit: end, ...rest }) => {
      const unanswered = rest.unanswered && end !== undefined;
      if (!end) return { ...noHistory, ...rest, unanswered };
      const { exit, ...last } = end;
      return {
        ...noHistory,
        ...rest,
        unanswered,
        lastExit: lastExitOf(agent, exit, { ...last, unplanned: unanswered }),
      };
    });

const anyPane: fc.Arbitrary<MainPane> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<MainPane>({ state: 'alive', pane: '%1', pid: 7 }) },
  {
    weight: 3,
    arbitrary: fc.record({
      state: fc.constant('dead' as const),
      pane: fc.constant('%1'),
      exit: anyExit,
      at: maybe(past),
    }),
  },
  { weight: 1, arbitrary: fc.constant<MainPane>({ state: 'empty', pane: '%1' }) },
  { weight: 1, arbitrary: fc.constant<MainPane>({ state: 'gone' }) },
);

/** Session numbers are given later: no two sessions have the same. */
const anySession = (agent: AgentName): fc.Arbitrary<Session> =>
  fc
    .record({
      generation: fc.nat(3),
      run: maybe(run(agent), 9),
      fingerprint: maybe(fingerprint, 9),
      started: maybe(past, 9),
      main: anyPane,
      attached: fc.boolean(),
      typed: maybe(fc.integer({ min: NOW - MINUTE, max: NOW })),
    })
    .map((fields) => sessionOf(agent, 0, fields));

const anySessions = (agent: AgentName): fc.Arbitrary<readonly Session[]> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 6, arbitrary: anySession(agent).map((session) => [session]) },
    { weight: 1, arbitrary: fc.tuple(anySession(agent), anySession(agent)) },
  );

const anyOperation: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constantFrom('starting', 'stopping', 'changing'),
  since: past,
  reason,
});

const anyObstacle = (agent: AgentName) =>
  fc.constantFrom<Obstacle>(
    { code: 'workdir_missing', path: '/gone' },
    { code: 'command_not_found', program: 'claude' },
    { code: 'name_taken', session: agent },
  );

const anyAgent = (name: AgentName) =>
  fc.record({
    name: fc.constant(name),
    spec: maybe(anySpec(name), 6),
    history: maybe(anyHistory(name), 4),
    sessions: anySessions(name),
    operation: rarely(anyOperation),
    obstacle: rarely(anyObstacle(name)),
    advice: rarely(fc.array(anyAdvice(name), { minLength: 1, maxLength: 2 })),
    letters: anyLetters,
    vitals: maybe(anyVitals(name)),
  });

type Agent = { readonly name: AgentName };

/** A map of what some of the agents have. */
function mapOf<A extends Agent, V>(
  agents: readonly A[],
  value: (agent: A) => V | undefined,
): ReadonlyMap<AgentName, V> {
  return new Map(
    agents.flatMap((agent) => {
      const found = value(agent);
      return found === undefined ? [] : [[agent.name, found] as const];
    }),
  );
}

const anyServer = fc.oneof(
  { weight: 6, arbitrary: fc.constant(SERVER) },
  { weight: 1, arbitrary: fc.constantFrom(undefined, { pid: 10, start: '99' }) },
);

const anyBreaker: fc.Arbitrary<CircuitBreakerSpec> = fc.record({
  mode: fc.constantFrom('on', 'on', 'off'),
  failures: fc.integer({ min: 2, max: 4 }),
  window: fc.constantFrom(SECOND, MINUTE, HOUR),
  cool_off: fc.constantFrom(SECOND, MINUTE),
});

/** Often one of now: most of the past is so long ago that every pause is over. */
const anyCircuit: fc.Arbitrary<Circuit> = fc
  .record({
    state: fc.constantFrom('closed', 'closed', 'open', 'trial'),
    since: fc.oneof(past, fc.integer({ min: NOW - 2 * SECOND, max: NOW })),
    agents: fc.nat(5),
    agent: fc.constantFrom(...NAMES),
    life: fc.constantFrom(1, 2, 3),
  })
  .map(({ state, since, agents, agent, life }) =>
    state === 'trial' ? { state, since, agents, agent, run: `${agent}-${life}` } : { state, since, agents },
  );

export const anyWorld: fc.Arbitrary<World> = fc
  .record({
    agents: fc.tuple(...NAMES.map(anyAgent)),
    max_starting: fc.integer({ min: 1, max: 4 }),
    stagger: fc.constantFrom(0, 0, SECOND),
    lastStart: maybe(past),
    known: anyServer,
    circuit_breaker: anyBreaker,
    circuit: anyCircuit,
  })
  .map(({ agents, max_starting, stagger, lastStart, known, circuit_breaker, circuit }) => {
    const { desired, observed, ledger } = base();
    let number = 8;
    // A session that is not ours can only stand where none of ours has the name.
    const taken = agents.filter(({ obstacle, sessions }) => obstacle?.code === 'name_taken' && sessions.length === 0);
    return {
      desired: {
        ...desired,
        concurrency: { ...desired.concurrency, max_starting, stagger },
        circuit_breaker,
        agents: mapOf(agents, ({ spec }) => spec),
      },
      observed: {
        ...observed,
        sessions: mapOf(agents, ({ sessions }) =>
          sessions.length === 0
            ? undefined
            : sessions.map((session) => {
                number += 1;
                return { ...session, id: `$${number}` };
              }),
        ),
        foreign: new Set(['vim', ...taken.map(({ name }) => name)]),
        obstacles: mapOf(agents, ({ obstacle }) => obstacle),
      },
      ledger: { ...ledger, server: known, lastStart, circuit, agents: mapOf(agents, ({ history }) => history) },
      operations: mapOf(agents, ({ operation }) => operation),
      vitals: mapOf(agents, ({ vitals }) => vitals),
      advice: mapOf(agents, ({ advice }) => advice),
      machine: { memoryAvailable: undefined },
      letters: mapOf(agents, ({ letters }) => letters),
      now: NOW,
    };
  });
