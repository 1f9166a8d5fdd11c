import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentStatus } from '../../src/control/protocol.ts';
import { bootId } from '../../src/processes/table.ts';
import { TestColony } from '../rig/colony.ts';
import { KindsHome } from '../rig/fake-kinds.ts';
import { waitFor } from '../rig/wait.ts';

const HOUR = 3_600_000;

let colony: TestColony;
let kinds: KindsHome;

/** The clock of the colony is behind that of the machine by so much: the machine has slept for as long, or its clock was set. */
function behind(span: number): void {
  const monotonic = Number(process.hrtime.bigint() / 1_000n) / 1_000;
  const anchor = { boot: bootId(), wall: Date.now() - span, monotonic };
  writeFileSync(join(colony.dir, 'state', 'clock.json'), JSON.stringify(anchor));
}

beforeEach(async () => {
  colony = await TestColony.make();
  kinds = KindsHome.of(colony);
});

afterEach(() => colony.end());

const shown = (what: string, so: (agent: AgentStatus) => boolean) =>
  waitFor(what, async () => {
    const agent = await colony.agent('api');
    return agent && so(agent) && agent;
  });

const sent = () => colony.journal().flatMap((entry) => (entry.type === 'sent' ? [entry] : []));

describe.each([
  ['slept', 8 * HOUR],
  ['had its clock set back', -8 * HOUR],
])('on a machine that has %s', (_, span) => {
  beforeEach(() => behind(span));

  test('the idleness of Claude Code lasts as long as it lasts', async () => {
    const idle = { after: '3s', times: 1, action: { send: 'go on' } };
    colony.write({ api: kinds.claude({ idle }) });
    await colony.apply();
    let asked = 0;
    const { activity } = await shown('it to be idle', ({ activity: { state } }) => {
      asked = performance.now();
      return state === 'idle';
    });
    expect(activity.age_ms).toBeLessThan(600_000);
    await waitFor('it to be told', () => sent().length > 0);
    // It may have been idle for most of the time before anybody saw it.
    expect(performance.now() - asked + (activity.age_ms ?? 0)).toBeGreaterThan(1_000);
  });

  test('a dialog of Codex is seen', async () => {
    colony.write({ api: kinds.codex({ prompt: 'BASH !touch made' }) });
    await colony.apply();
    await shown('the dialog', ({ activity }) => activity.state === 'waiting' && activity.for === 'permission');
  });

  test.each(['claude', 'codex'] as const)('the limit of %s lasts until its reset', async (kind) => {
    const from = Date.now();
    colony.write({ api: kinds[kind]({ prompt: 'RATELIMIT 3600', limit: { action: { send: 'continue' } } }) });
    await colony.apply();
    const { activity } = await shown('the limit', ({ activity: { state } }) => state === 'limited');
    const until = Date.parse(activity.until ?? '') - from;
    expect(until).toBeGreaterThan(HOUR - 90_000);
    expect(until).toBeLessThan(HOUR + 150_000);
    const { stdout } = await colony.run(['why', 'api']);
    expect(stdout).toMatch(/this counts in (59m|1h)/);
  });
});
