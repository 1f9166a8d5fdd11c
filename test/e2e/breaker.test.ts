import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(async () => {
  await colony.end();
});

const NAMES = ['a', 'b', 'c'];
const SECOND = 1_000;

/** Fails with exit code 3 at once for as long as what it needs, a file, is not there. */
const needing = (file: string) => ({
  command: `test -e ${file} || exit 3; exec sleep 1000`,
  restart: { backoff: { initial: '10ms', max: '50ms' }, crash_loop: 'off' },
});

function write(cool_off: string): string {
  const service = join(colony.dir, 'service');
  const agents = Object.fromEntries(NAMES.map((name) => [name, needing(service)]));
  colony.write(agents, { circuit_breaker: { failures: 3, window: '60s', cool_off } });
  return service;
}

const told = (type: string) => colony.journal().filter((entry) => entry.type === type);
const opened = () =>
  waitFor('the circuit breaker to open', () => existsSync(colony.paths.journal) && told('circuit_opened')[0]);
const startsOf = (name: string) => told('started').filter((entry) => 'agent' in entry && entry.agent === name).length;

test('restarts pause when all agents keep failing, and a new supervisor keeps to the same instant', async () => {
  write('1h');
  await colony.apply('--wait', '10s');
  const { at } = await opened();
  const end = new Date(at + 3_600 * SECOND).toISOString();
  const paused = async () => {
    const { agents } = await colony.status();
    return agents.map(({ name, phase, reason, next_action_at }) => [name, phase, reason?.code, next_action_at]);
  };
  const expected = NAMES.map((name) => [name, 'backoff', 'circuit_open', end]);
  await waitFor('all to be kept back', async () => JSON.stringify(await paused()) === JSON.stringify(expected));
  const before = NAMES.map(startsOf);

  await colony.killSupervisor();
  expect((await colony.run(['apply', '--no-wait'])).code).toBe(0);
  expect(await paused()).toEqual(expected);
  expect(NAMES.map(startsOf)).toEqual(before);
  expect((await colony.run(['status', '-o', 'wide'])).stdout).toContain(
    'restarts pause because 3 agents failed together',
  );

  // What a person asks for is done at once, and when that fails it waits with the others.
  await colony.run(['start', 'a', '--wait', '10s']);
  expect(NAMES.map(startsOf)).toEqual(before.map((count, index) => count + (index === 0 ? 1 : 0)));
  await waitFor('a to be kept back again', async () => JSON.stringify(await paused()) === JSON.stringify(expected));
  expect(told('circuit_opened')).toHaveLength(1);
});

test('after the pause one is tried, and when it has lived for a while the others follow', async () => {
  const service = write('2s');
  await colony.apply('--wait', '10s');
  const first = await opened();
  const trial = await waitFor('a trial', () => told('circuit_trial')[0]);
  expect(trial.at - first.at).toBeGreaterThanOrEqual(2 * SECOND);

  // The trial fails, so restarts pause again; then what all of them need is back.
  await waitFor('the pause to begin again', () => told('circuit_opened')[1]);
  expect(told('started').filter(({ at }) => at > first.at)).toHaveLength(1);
  writeFileSync(service, '');
  const second = await waitFor('another trial', () => told('circuit_trial')[1]);
  await waitFor('one of them to live', async () => Object.keys(await colony.pids()).length === 1);
  const closed = await waitFor('the circuit breaker to close', () => told('circuit_closed')[0]);
  expect(closed.at - second.at).toBeGreaterThanOrEqual(10 * SECOND);
  expect(closed).toMatchObject({ agents: 2 });
  expect(told('started').filter(({ at }) => at > second.at && at < closed.at)).toHaveLength(1);
  await waitFor('all to live', async () => Object.keys(await colony.pids()).length === 3);
  expect((await colony.status()).summary).toEqual({ ready: 3, total: 3 });
});

test('a crash loop that is only told of is told of once, and a start by hand begins anew', async () => {
  const restart = {
    backoff: { initial: '10ms', max: '20ms' },
    crash_loop: { restarts: 2, window: '1h', action: 'notify' },
  };
  colony.write({ a: { command: 'exit 3', restart } });
  await colony.apply('--wait', '10s');
  await waitFor('it to go on failing', () => startsOf('a') > 8);
  expect(told('crash_looping')).toMatchObject([{ agent: 'a', restarts: 2, window: 3_600 * SECOND }]);
  const shown = await waitFor('it to wait', async () => {
    const agent = await colony.agent('a');
    return agent?.phase === 'backoff' && agent;
  });
  expect(shown.reason).toEqual({
    code: 'crash_looping',
    text: 'keeps failing: more than 2 failures within 1h, the last with exit code 3',
  });
  await colony.run(['start', 'a', '--wait', '1s']);
  await waitFor('it to be told of again', () => told('crash_looping').length === 2);
});
