import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentStatus, WhyReport } from '../../src/control/protocol.ts';
import { TestColony } from '../rig/colony.ts';
import { KindsHome } from '../rig/fake-kinds.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;
let kinds: KindsHome;

beforeEach(async () => {
  colony = await TestColony.make();
  kinds = KindsHome.of(colony);
});

afterEach(() => colony.end());

const shown = (what: string, so: (agent: AgentStatus) => boolean, within?: number) =>
  waitFor(
    what,
    async () => {
      const agent = await colony.agent('api');
      return agent && so(agent) && agent;
    },
    within,
  );

const sent = () => colony.journal().flatMap((entry) => (entry.type === 'sent' ? [entry] : []));

async function decisionOn(policy: string): Promise<WhyReport['decisions'][number] | undefined> {
  const { stdout } = await colony.run(['why', 'api', '-o', 'json']);
  return (JSON.parse(stdout) as WhyReport).decisions.find(({ what }) => what === policy);
}

test('a context that is full is compacted once, when the agent is idle', async () => {
  const context = { above: '85%', action: { send: '/compact' } };
  colony.write({ api: kinds.claude({ prompt: 'CONTEXT 90', context }) });
  await colony.apply();
  await waitFor('it to be told', () => sent().length > 0);
  expect(sent()[0]).toMatchObject({ policy: 'context', reason: { code: 'context_full', context: 0.9, above: 0.85 } });
  await shown('it to be emptier', ({ context_percent: full, alerts }) => (full ?? 0) < 85 && alerts.length === 0);
  expect(sent()).toHaveLength(1);
});

describe('a usage limit', () => {
  test('Claude Code goes on by itself, and is not told to', async () => {
    // Long enough for two questions to be asked and answered meanwhile.
    const env = { FAKE_CLAUDE_CONTINUE_AFTER: '500' };
    const limit = { action: { send: 'continue' } };
    colony.write({ api: kinds.claude({ prompt: 'RATELIMIT 12', env, limit }) });
    await colony.apply();
    const { activity } = await shown('the limit', ({ activity: { state } }) => state === 'limited');
    // A time of day is told to the minute.
    expect(Date.parse(activity.until ?? '')).toBeGreaterThan(Date.now() - 65_000);
    expect((await decisionOn('limit'))?.text).toMatch(/^this counts in /);
    await shown('it to go on', ({ activity: { state } }) => state === 'idle');
    expect((await decisionOn('limit'))?.text).toBe('it has not reached a usage limit');
    expect(sent()).toEqual([]);
    expect(await colony.agent('api')).toMatchObject({ generation: 1, restarts: { total: 0 } });
  });

  test('Codex is told to go on half a minute after the reset, once', async () => {
    const limit = { action: { send: 'continue' }, stagger: '0s' };
    colony.write({ api: kinds.codex({ prompt: 'RATELIMIT 6', limit }) });
    await colony.apply();
    await shown('the limit', ({ activity: { state } }) => state === 'limited');
    await waitFor('it to be told', () => sent().length > 0, 60_000);
    expect(sent()[0]).toMatchObject({ policy: 'limit', reason: { code: 'limit_reset' } });
    await shown('it to go on', ({ activity: { state }, alerts }) => state === 'idle' && alerts.length === 0);
    expect(sent()).toHaveLength(1);
    expect(await colony.agent('api')).toMatchObject({ generation: 1, restarts: { total: 0 } });
  });
});

test('an answer that says that the work is done', async () => {
  colony.write({ api: kinds.claude({ prompt: 'ALL DONE', completion: { answer: 'you said ALL DONE$' } }) });
  await colony.apply();
  const done = await shown('it to be completed', ({ phase }) => phase === 'completed');
  expect(done.reason?.text).toBe('its work is done: stub: you said ALL DONE');
});

test('a person is told that a permission is waited for, and for what', async () => {
  const api = kinds.claude({ prompt: 'BASH touch made', waiting: '1s' }, '--permission-mode', 'manual');
  colony.write({ api });
  await colony.apply();
  const asking = await shown('the alert', ({ alerts }) => alerts.some(({ policy }) => policy === 'waiting'));
  expect(asking.activity).toMatchObject({ state: 'waiting', for: 'permission' });
  expect(asking.alerts[0]?.text).toBe('has waited for a permission for 1s');
});
