import { describe, expect, test } from 'vitest';
import { advise, hasPolicies, type Policy } from '../../src/policies/index.ts';
import { strongestFirst } from '../../src/policies/precedence.ts';
import { noHealth, noHistory } from '../../src/reconciler/ledger.ts';
import type { Advice, AgentSpec, Verdict, Wish } from '../../src/reconciler/types.ts';
import { HOUR, MIB, MINUTE, NOW, RUN, SECOND, samplesOf, specOf, viewOf, vitalsOf } from './base.ts';

const startup: AgentSpec['probes']['startup'] = [
  {
    ...{ exec: { command: 'true' }, http: undefined, tcp: undefined, screen: undefined, activity: undefined },
    ...{ heartbeat: undefined, log: undefined, initial_delay: 0, period: SECOND, timeout: SECOND },
    ...{ success_threshold: 1, failure_threshold: 3, failures: undefined, on_failure: 'restart', nudge: ['Escape'] },
  },
];
const verdict = (is: Verdict['is']): Verdict =>
  ({ is, since: NOW, probe: 'exec', text: '', on_failure: 'restart', nudged: false, everHealthy: false }) as const;

const troubled = specOf('db', {
  memory: {
    ...{ limit: MIB, growth: { by: MIB, within: MINUTE }, for: 30 * SECOND, measure: 'rss' },
    ...{ action: { do: 'notify' }, when: 'now', wait: MINUTE },
  },
  cpu: { above: 0.5, for: 30 * SECOND, while: 'always', action: { do: 'warn' }, wait: MINUTE },
  max_age: { after: HOUR, jitter: 0, when: 'now', wait: MINUTE },
});
const notify = { do: 'notify' } as const;
const chatty: Partial<AgentSpec> = {
  context: { above: 0.8, action: notify },
  idle: { after: 1, action: notify, times: 1 },
  limit: { action: notify, stagger: 0 },
  waiting: { after: 0, action: notify },
  completion: { output: 'x', answer: undefined },
};
const vitals = vitalsOf(samplesOf(5 * MINUTE, (age) => ({ rss: 9 * MIB + 5 * MINUTE - age, cpu: 1 })));
const nightly: Policy = () => ({ advice: [advice('schedule x', 'stop')], lookAt: NOW + 7 });

function advice(policy: string, what: 'stop' | 'restart' | 'start' | 'hold' | 'notify' | 'warn'): Advice {
  return {
    policy,
    run: RUN,
    wish: { do: what },
    reason: { code: 'exited', exit: { code: 0, signal: undefined } },
    when: 'now',
    patience: undefined,
  };
}

describe('all policies together', () => {
  const said = (spec: AgentSpec, view: Parameters<typeof viewOf>[0], schedule?: Policy) =>
    advise(spec, viewOf({ vitals, ...view }), schedule).advice.map(({ policy, wish }) => `${policy} ${wish.do}`);

  test('the strongest comes first', () => {
    expect(said(troubled, {}, nightly)).toEqual(['schedule x stop', 'max_age restart', 'memory notify', 'cpu warn']);
  });

  test('each has its say only where it is asked for', () => {
    expect(said(specOf('db'), {})).toEqual([]);
    expect(hasPolicies(specOf('db'))).toBe(false);
    for (const field of ['memory', 'cpu', 'max_age', 'context', 'idle', 'limit', 'waiting', 'completion'] as const) {
      expect(hasPolicies(specOf('db', { [field]: chatty[field] ?? troubled[field] })), field).toBe(true);
    }
  });

  test.each([
    ['has not come up yet', undefined, ['schedule x stop']],
    ['does not come up', verdict('unhealthy'), ['schedule x stop']],
    ['has come up', verdict('healthy'), ['schedule x stop', 'max_age restart', 'memory notify', 'cpu warn']],
  ])('what %s', (_name, found, expected) => {
    const spec = { ...troubled, probes: { ...troubled.probes, startup } };
    const history = { ...noHistory, run: RUN, health: { ...noHealth, startup: found } };
    expect(said(spec, { history }, nightly)).toEqual(expected);
  });

  test('what does not run has a schedule at most', () => {
    expect(said(troubled, { alive: false }, nightly)).toEqual(['schedule x stop']);
    expect(said(troubled, { alive: false })).toEqual([]);
  });

  test('the first time at which to look again counts', () => {
    const young = { ...troubled, cpu: undefined, memory: undefined };
    expect(advise(young, viewOf({ started: NOW }), nightly).lookAt).toBe(NOW + 7);
    expect(advise(young, viewOf({ started: NOW })).lookAt).toBe(NOW + HOUR);
    expect(advise(specOf('db'), viewOf()).lookAt).toBeUndefined();
  });
});

test('precedence is the order of the design, and stable', () => {
  const kinds: readonly Wish['do'][] = ['warn', 'notify', 'hold', 'start', 'restart', 'stop'];
  const mixed = kinds.flatMap((kind) => [advice(`a ${kind}`, kind as 'stop'), advice(`b ${kind}`, kind as 'stop')]);
  expect(strongestFirst(mixed).map(({ policy }) => policy)).toEqual(
    [...kinds].reverse().flatMap((kind) => [`a ${kind}`, `b ${kind}`]),
  );
});
