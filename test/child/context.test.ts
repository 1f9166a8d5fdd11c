import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { colonyContext } from '../../src/child/context.ts';
import { childEnvironment } from '../../src/supervisor/environment.ts';
import { removeFolder } from '../rig/remove.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const SET = {
  COLONY_NAME: 'shop',
  COLONY_CONFIG: '/srv/shop/colony.yaml',
  COLONY_AGENT: 'worker-2',
  COLONY_KIND: 'shell',
  COLONY_REPLICA: '2',
  COLONY_GENERATION: '5',
  COLONY_RUN_ID: 'worker-2-abc',
  COLONY_METADATA: '{"task":"T-17"}',
};

describe('colonyContext', () => {
  test('tells what colony told', () => {
    expect(colonyContext(SET)).toEqual({
      colony: 'shop',
      config: '/srv/shop/colony.yaml',
      home: undefined,
      agent: 'worker-2',
      kind: 'shell',
      replica: 2,
      generation: 5,
      run: 'worker-2-abc',
      metadata: { task: 'T-17' },
    });
  });

  test('understands what the supervisor sets', () => {
    const spec = { name: 'api', kind: 'claude', replica: 3, metadata: { a: [1] }, env: {} };
    const identity = { colony: 'shop', config: '/c', home: '/h', generation: 9, run: 'r' };
    const spool = '/h/shop/spool';
    const environment = childEnvironment({}, spec as unknown as Parameters<typeof childEnvironment>[1], {
      ...identity,
      spool,
    });
    const expected = { ...identity, agent: 'api', kind: 'claude', replica: 3, metadata: { a: [1] } };
    expect(colonyContext(environment)).toEqual(expected);
  });

  test.each([{}, { COLONY_HOME: '/h', COLONY_NAME: 'shop' }])('is undefined outside of colony: %j', (environment) => {
    expect(colonyContext(environment)).toBeUndefined();
  });

  test.each([
    ['COLONY_METADATA', '{"task":', 'COLONY_METADATA must be a JSON object, got no JSON'],
    ['COLONY_METADATA', '[]', 'COLONY_METADATA must be a JSON object, got a list'],
    ['COLONY_METADATA', '7', 'COLONY_METADATA must be a JSON object, got a number'],
    ['COLONY_METADATA', 'null', 'COLONY_METADATA must be a JSON object, got null'],
    ['COLONY_REPLICA', 'two', 'COLONY_REPLICA must be a whole number above 0, got "two"'],
    ['COLONY_GENERATION', '', 'COLONY_GENERATION must be set where COLONY_AGENT is, and is not'],
    ['COLONY_NAME', undefined, 'COLONY_NAME must be set where COLONY_AGENT is, and is not'],
  ])('says that %s=%j is wrong', (name, value, message) => {
    expect(() => colonyContext({ ...SET, [name]: value })).toThrow(message);
  });
});

describe('the package', () => {
  test('gives it to a program with its types', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(exports).toEqual({ './child': { types: './dist/child.d.ts', default: './dist/child.js' } });
    const program = "import { colonyContext } from 'agent-colony/child'; console.log(colonyContext()?.agent);";
    const options = { cwd: root, env: { ...process.env, ...SET }, encoding: 'utf8' } as const;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], options);
    expect(printed).toBe('worker-2\n');
  });

  test('has a declaration that the compiler accepts', () => {
    const dir = mkdtempSync(join(tmpdir(), 'colony-child-'));
    try {
      const child = join(root, 'dist', 'child.js');
      const use = `import { colonyContext, type ColonyContext, type Notice, notify } from ${JSON.stringify(child)};
const notice: Notice = { extend: 60_000 };
export const told: boolean = notify('ready') && notify({ status: 'x' }) && notify(notice);
// @ts-expect-error nothing else can be told
notify('steady');
const context: ColonyContext | undefined = colonyContext();
export const replica: number | undefined = context?.replica;
// @ts-expect-error a name is text
export const name: number | undefined = context?.agent;
`;
      writeFileSync(join(dir, 'use.mts'), use);
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
      const flags = [
        '--noEmit',
        '--strict',
        '--module',
        'nodenext',
        '--target',
        'es2022',
        '--types',
        'node',
        '--typeRoots',
        join(root, 'node_modules', '@types'),
      ];
      execFileSync(process.execPath, [tsc, ...flags, join(dir, 'use.mts')], { cwd: dir, encoding: 'utf8' });
    } finally {
      removeFolder(dir);
    }
  });
});
