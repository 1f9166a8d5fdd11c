import { afterEach, beforeEach, expect, test } from 'vitest';
import { call } from '../../src/control/client.ts';
import type { StatusReport } from '../../src/control/protocol.ts';
import type { Entry } from '../../src/reconciler/types.ts';
import { TestColony } from '../rig/colony.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});
afterEach(() => colony.end());

/** To match this is to try more ways than there are atoms. */
const HOSTILE = '(a+)+$';
const VICTIM = `${'a'.repeat(60)}!`;

const alerts = () =>
  colony.journal().filter((entry): entry is Extract<Entry, { type: 'alert' }> => entry.type === 'alert');

test('a pattern that backtracks for ever costs nobody anything but itself, and is told of', async () => {
  const probes = {
    readiness: { screen: 'fake agent ready', period: '100ms' },
    liveness: [
      { log: { not_match: HOSTILE }, period: '100ms' },
      { screen: { not_match: HOSTILE }, period: '100ms', timeout: '60s' },
    ],
  };
  const completion = { output: `^nothing ${HOSTILE}` };
  colony.write({ web: colony.fake({ probes }), job: colony.fake({ completion }), api: colony.fake() });
  expect((await colony.apply()).code).toBe(0);
  (await colony.agents.alive('web')).tell({ do: 'say', text: VICTIM });
  (await colony.agents.alive('job')).tell({ do: 'say', text: `nothing ${VICTIM}` });
  // Matched where everything else is done, it would keep everybody waiting for ever.
  await waitFor('all to be given up', async () => {
    expect(await call<StatusReport>(colony.paths.socket, 'GET', '/v1/status')).toMatchObject({ ok: true });
    return alerts().length >= 3;
  });
  const told = alerts().map(({ agent, policy, level, reason }) => ({ agent, policy, level, reason }));
  const about = (agent: string, what: string, pattern = HOSTILE) => {
    const reason = { code: 'pattern_given_up', what, pattern };
    return { agent, policy: 'pattern', level: 'warn', reason };
  };
  expect(told).toHaveLength(3);
  expect(told).toEqual(
    expect.arrayContaining([
      about('web', 'liveness: log'),
      about('web', 'liveness: screen'),
      about('job', 'completion: output', completion.output),
    ]),
  );
  expect((await colony.run(['why', 'web'])).stdout).toMatch(/took too long to match/);
  // Nobody is restarted, and the others are looked after as ever.
  (await colony.agents.alive('api')).tell({ do: 'exit', code: 1 });
  await waitFor('api to be back', async () => (await colony.agent('api'))?.generation === 2);
  expect(await colony.agent('web')).toMatchObject({ generation: 1, phase: 'ready' });
});
