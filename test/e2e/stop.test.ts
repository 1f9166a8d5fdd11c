import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import type { Life } from '../rig/fake-agents.ts';
import { isAlive, waitFor } from '../rig/wait.ts';
import { processesOf } from '../rig/world.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(() => colony.end());

/** A tree of everything that is hard to end; the answer is the pids of its processes. */
async function awkward(life: Life): Promise<readonly number[]> {
  await life.ask({ do: 'ignore', signals: ['SIGTERM', 'SIGHUP', 'SIGINT'] }, 'ignoring');
  const below = [
    await life.ask({ do: 'fork' }, 'forked'),
    await life.ask({ do: 'fork', deaf: true }, 'forked'),
    await life.ask({ do: 'fork', stopped: true }, 'forked'),
    await life.ask({ do: 'fork', away: true, deaf: true }, 'forked'),
    await life.ask({ do: 'fork', away: true, stopped: true }, 'forked'),
    await life.ask({ do: 'fork', away: true, deaf: true, stopped: true }, 'forked'),
    await life.ask({ do: 'leak', mebibytes: 1, below: true }, 'leaking'),
    await life.ask({ do: 'spin' }, 'spinning'),
  ];
  return [life.pid, ...below.map(({ pid }) => Number(pid))];
}

const WAYS: Readonly<Record<string, () => Promise<unknown>>> = {
  stop: () => colony.run(['stop', 'api']),
  'stop --now': () => colony.run(['stop', 'api', '--now']),
  restart: () => colony.run(['restart', 'api']),
  down: () => colony.run(['down', '--yes']),
  'down --now': () => colony.run(['down', '--yes', '--now']),
  'removal from the file': () => {
    colony.write({ db: colony.fake() });
    return colony.apply('--yes');
  },
  'a memory limit': async () => {
    const memory = { limit: '1MiB', for: '0s' };
    colony.write({ api: colony.fake({ stop: { grace: '300ms' }, memory }), db: colony.fake() });
    await colony.apply('--no-wait');
    await colony.agents.alive('api', 2);
    // Enough is enough: the next life would be over the limit as well.
    await colony.run(['stop', 'api', '--now']);
  },
  'a changed command': () => {
    colony.write({ api: colony.fake({}, 'other'), db: colony.fake() });
    return colony.apply();
  },
};

test.each(Object.entries(WAYS))('nothing of an awkward tree outlives %s', async (way, end) => {
  const api = colony.fake({ stop: { grace: '300ms' } });
  colony.write({ api, db: colony.fake() });
  await colony.apply();
  const [life, db] = [await colony.agents.alive('api'), await colony.agents.alive('db')];
  const pids = await awkward(life);
  if (way === 'stop') await life.ask({ do: 'hang' }, 'hanging');
  for (const pid of pids) expect(await isAlive(pid)).toBe(true);
  await end();
  for (const pid of pids) expect(await isAlive(pid), String(pid)).toBe(false);
  expect(processesOf(colony.file).filter(({ run }) => run === life.run)).toEqual([]);
  expect(await isAlive(db.pid)).toBe(!way.startsWith('down'));
});

test.each([
  ['a crash', { code: 3 }, {}],
  ['the end of its work', { code: 0 }, { restart: 'never' }],
])('nothing of an awkward tree stays for long after %s', async (_, exit, more) => {
  colony.write({ api: colony.fake({ restart: { backoff: { initial: '0s' } }, ...more }) });
  await colony.apply();
  const life = await colony.agents.alive('api');
  const pids = await awkward(life);
  life.tell({ do: 'exit', ...exit });
  if (exit.code === 3) await colony.agents.alive('api', 2);
  const left = () => processesOf(colony.file).filter(({ run }) => run === life.run);
  await waitFor('nothing to be left', async () => {
    return left().length === 0 && !(await Promise.all(pids.map(isAlive))).includes(true);
  });
  await waitFor('it to be told', () => colony.journal().some(({ type }) => type === 'killed_leftovers'));
});
