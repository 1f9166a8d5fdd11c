import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestColony } from '../rig/colony.ts';
import { waitFor } from '../rig/wait.ts';

let colony: TestColony;

beforeEach(async () => {
  colony = await TestColony.make();
});

afterEach(() => colony.end());

type Line = { readonly seq: number; readonly type: string; readonly agent?: string };

function follow(...args: string[]) {
  const child = colony.start(['events', '--follow', '-o', 'json', ...args]);
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const lines = () =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
  return { child, lines };
}

test('tell what happened, for people and for programs, with a supervisor and without', async () => {
  colony.write({ api: colony.fake({ labels: { team: 'core' } }), db: colony.fake() });
  await colony.apply();
  const table = (await colony.run(['events'])).stdout;
  expect(table).toMatch(/^TIME +AGENT +EVENT\n/);
  expect(table).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}api +started \(pid \d+\)$/m);
  const all = async () => (await colony.run(['events', '-o', 'json'])).stdout;
  expect(
    (await all())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(colony.journal());
  const some = await colony.run(['events', '-l', 'team=core', '--type', 'started,held', '-o', 'json']);
  expect(
    some.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Line).agent),
  ).toEqual(['api']);
  expect((await colony.run(['events', 'nobody'])).code).toBe(4);
  expect((await colony.run(['events', '--type', 'nothing'])).code).toBe(64);
  expect((await colony.run(['events', '--since', 'soon'])).code).toBe(64);
  expect((await colony.run(['events', '--since', '1d'])).stdout).toBe(table);
  expect((await colony.run(['events', '--since', '2099-01-01'])).stdout).toBe('');
  await colony.killSupervisor();
  expect((await colony.run(['events'])).stdout).toBe(table);
  expect((await colony.run(['events', 'nobody'])).code).toBe(4);
});

test('followed over the death of a supervisor, miss nothing and tell nothing twice', async () => {
  colony.write({ api: colony.fake() });
  await colony.apply();
  const { child, lines } = follow();
  try {
    await waitFor('the first entries', () => lines().some(({ type }) => type === 'started'));
    (await colony.agents.alive('api')).tell({ do: 'exit', code: 1 });
    await colony.agents.alive('api', 2);
    await colony.killSupervisor();
    await colony.apply();
    await waitFor(
      'the next supervisor',
      () => lines().filter(({ type }) => type === 'supervisor_started').length === 2,
    );
    (await colony.agents.alive('api', 2)).tell({ do: 'exit', code: 1 });
    await colony.agents.alive('api', 3);
    await waitFor('everything', () => lines().length >= colony.journal().length);
    expect(lines()).toEqual(colony.journal());
  } finally {
    child.kill('SIGKILL');
  }
});

test('hold no value of a variable', async () => {
  const env = { FAKE_SOCKET: colony.agents.socket, TOKEN: 'hunter2' };
  const keys = { command: 'exec sleep 1000', stop: { sequence: [{ keys: ['${SECRET_WORD}'] }], grace: '1s' } };
  const secret = { command: 'echo ${SECRET_WORD:-nothing} >/dev/null; exec sleep 1000', env: { TOKEN: 'hunter2' } };
  colony.environment.SECRET_WORD = 'swordfish';
  colony.write({ api: colony.fake({ env }), other: secret, keys, lost: { command: ['${SECRET_WORD}', 'x'] } });
  await colony.apply('--wait', '2s');
  const { stdout } = await colony.run(['events', '-o', 'json']);
  expect(stdout).toContain('"agent":"other"');
  expect(stdout).not.toContain('hunter2');
  expect(stdout).not.toContain('swordfish');
});
