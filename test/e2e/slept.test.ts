import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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

const CRASHES = {
  command: ['sh', '-c', 'exit 3'],
  restart: { policy: 'always', backoff: { initial: '30m', max: '30m', jitter: 0 } },
};

/** Everything that looks like an instant is one of this hour. */
function expectRecent(text: string): void {
  const instants = [
    ...(text.match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g) ?? []).map((iso) => Date.parse(iso)),
    ...[...text.matchAll(/"(?:at|since|started|ended)":(\d{9,})/g)].map(([, at]) => Number(at)),
  ];
  expect(instants.length).toBeGreaterThan(1);
  for (const at of instants) expect(Math.abs(at - Date.now()), text).toBeLessThan(HOUR);
}

const told = async (...question: string[]) => (await colony.run(question)).stdout;

/** What people and programs are told of the two agents `api`, which runs, and `db`, which has crashed. */
async function expectWallTime(): Promise<void> {
  const values = [['status'], ['why', 'db'], ['why', 'api'], ['history'], ['events']];
  for (const value of await Promise.all(values.map((words) => told(...words, '-o', 'json')))) expectRecent(value);
  const texts = [
    ['status', '-o', 'wide'],
    ['why', 'db'],
    ['history', '-o', 'wide'],
  ];
  for (const text of await Promise.all(texts.map((words) => told(...words)))) {
    expect(text).toContain('db');
    expect(text).not.toMatch(/(?<![-\w])[178]h(\d+m)?(?!\w)/);
  }
  const crashSince = (since: string) => told('events', 'db', '--type', 'exited', '-o', 'json', '--since', since);
  expect(await crashSince('30m')).toContain('"seq"');
  expect(await crashSince(new Date(Date.now() + HOUR).toISOString())).toBe('');
}

const sent = () => colony.journal().flatMap((entry) => (entry.type === 'sent' ? [entry] : []));

/** All that the files of the colony tell was so much earlier. */
function longAgo(span: number): void {
  const { journal, ledger, history, running } = colony.paths;
  for (const path of [journal, ledger, history, running].filter((file) => existsSync(file))) {
    const earlier = (number: string) => (Math.abs(Number(number) - Date.now()) < HOUR ? Number(number) - span : number);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(/\b\d{13}\b/g, (number) => String(earlier(number))),
    );
  }
}

test('a sleep without a supervisor is noticed by whoever reads, and written down by the next one', async () => {
  colony.write({ db: CRASHES });
  await colony.apply();
  const crash = await waitFor('the crash', async () => (await colony.agent('db'))?.last_exit?.at);
  await colony.killSupervisor();
  longAgo(8 * HOUR);
  behind(8 * HOUR);
  const db = await colony.agent('db');
  expect(Date.parse(db?.last_exit?.at ?? '')).toBe(Date.parse(crash) - 8 * HOUR);
  const waits = Date.parse(db?.next_action_at ?? '') - Date.now();
  expect(waits).toBeGreaterThan(0);
  expect(waits).toBeLessThan(HOUR);
  await colony.apply();
  const lately = await told('events', '--since', '1h');
  expect(lately).toMatch(/the machine has slept for (7h59m|8h)/);
  expect(lately).toContain('started');
  expect(lately).not.toContain('exit code 3');
  expect(await told('events')).toContain('exit code 3');
});

describe.each([
  ['slept', 8 * HOUR],
  ['had its clock set back', -8 * HOUR],
])('on a machine that has %s', (_, span) => {
  beforeEach(() => behind(span));

  test('times are told by the clock of the machine, with a supervisor and without one', async () => {
    colony.write({ api: colony.fake(), db: CRASHES });
    await colony.apply();
    await waitFor('the crash', async () => (await colony.agent('db'))?.phase === 'backoff');
    const api = await colony.agent('api');
    expect(api?.uptime_ms).toBeLessThan(HOUR / 2);
    await expectWallTime();
    await colony.killSupervisor();
    await expectWallTime();
  });

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
