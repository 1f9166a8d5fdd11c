import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import { KindsHome, screenOf } from '../rig/fake-kinds.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});
afterEach(() => colony.end());

const liveness = { activity: { silent_for: '4s', while: 'busy' }, period: '200ms', failure_threshold: 2 };

test('a coding agent whose answer stops in the middle is restarted, although its spinner goes on', async () => {
  const home = KindsHome.of(colony);
  const probed = { probes: { liveness } };
  const agents = {
    hung: home.claude(probed),
    speaks: home.claude(probed),
    codex: home.codex(probed),
    plain: home.claude(),
  };
  colony.write(agents);
  await colony.apply('--no-wait');
  const state = async (name: string) => (await colony.agent(name))?.activity.state;
  for (const name of Object.keys(agents))
    await waitFor(`${name} to be idle`, async () => (await state(name)) === 'idle');
  for (const name of ['hung', 'codex', 'plain']) expect((await colony.run(['send', name, 'HANGMID'])).code).toBe(0);
  expect((await colony.run(['send', 'speaks', 'SLOW 15'])).code).toBe(0);
  const before = [await colony.agent('hung'), await colony.agent('codex')].map((agent) => agent?.conversation);
  for (const [index, name] of ['hung', 'codex'].entries()) {
    const after = await waitFor(`${name} to be back`, async () => {
      const now = await colony.agent(name);
      return now?.generation === 2 && now.activity.state === 'idle' && now;
    });
    expect(after.conversation).toBe(before[index]);
  }
  await waitFor('the answer', async () => (await screenOf(colony, 'speaks')).includes('word29'), 40_000);
  for (const name of ['speaks', 'plain']) expect((await colony.agent(name))?.generation).toBe(1);
  const ends = colony.journal().filter((entry) => entry.type === 'stopping');
  expect(ends.map((entry) => entry.reason.code)).toEqual(['hung', 'hung']);
});
