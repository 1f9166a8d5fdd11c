import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { launcherText } from '../../src/login/launcher.ts';
import type { Target } from '../../src/login/types.ts';
import { removeFolder } from '../rig/remove.ts';
import { TARGET } from './rig.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'colony login-'));
});

afterEach(() => removeFolder(home));

/** Stands for a program of Node.js: it is recent enough or not, and says what it was to run. */
function node(path: string, recent = true): string {
  const text = `#!/bin/sh\n[ "$1" = -e ] && exit ${recent ? 0 : 1}\necho "$0"; for word in "$@"; do echo "$word"; done; echo "VARIABLE=$VARIABLE"\n`;
  return put(path, text);
}

function put(path: string, text = ''): string {
  const full = join(home, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  chmodSync(full, 0o755);
  return full;
}

type Ran = { readonly code: number; readonly words: readonly string[]; readonly said: string };

function launch(more: Partial<Target>): Promise<Ran> {
  const target: Target = {
    ...TARGET,
    owner: put('owner.json'),
    node: join(home, 'node', 'bin', 'node'),
    program: [join(home, 'lib', 'colony.cjs')],
    variables: { PATH: `${home}/bin:/nowhere`, VARIABLE: "it's $HOME" },
    ...more,
  };
  // The Node.js of this machine is not to be found.
  const text = launcherText(target).replaceAll(/\/(usr|opt)\/(local\/|homebrew\/)?(bin|lib)\//g, '/nowhere/');
  const script = put('login.sh', text);
  return new Promise((resolve) => {
    execFile('/bin/sh', [script, 'systemd'], { env: { HOME: home, PATH: '/bin' } }, (error, out, said) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, words: out.trimEnd().split('\n'), said });
    });
  });
}

const supervise = (config = TARGET.config) => ['supervise', '--login', 'systemd', '-f', config];

test('what was recorded is taken, with its variables as they are', async () => {
  const own = node('node/bin/node');
  const program = put('lib/colony.cjs');
  const config = `${home}/it's $100%/colony.yaml`;
  const { words } = await launch({ config });
  expect(words).toEqual([own, '--max-semi-space-size=2', program, ...supervise(config), "VARIABLE=it's $HOME"]);
});

test.each([
  ['nvm', '.nvm/versions/node/v22.1.0/bin/node', '.nvm/versions/node/v22.1.0/lib/node_modules'],
  ['Volta', '.volta/bin/node', '.volta/tools/image/packages/agent-colony/lib/node_modules'],
  ['fnm', '.local/share/fnm/aliases/default/bin/node', '.local/share/fnm/aliases/default/lib/node_modules'],
  ['PATH and a prefix of npm', 'bin/node', '.npm-global/lib/node_modules'],
])('when both are gone they are found where %s has them', async (_, place, packages) => {
  const other = node(place);
  const program = put(`${packages}/agent-colony/dist/colony.cjs`);
  const { words } = await launch({});
  expect(words.slice(0, 3)).toEqual([other, '--max-semi-space-size=2', program]);
});

test('a Node.js that is too old by now is passed over', async () => {
  node('node/bin/node', false);
  node('.nvm/versions/node/v18.0.0/bin/node', false);
  const recent = node('.nvm/versions/node/v22.1.0/bin/node');
  put('lib/colony.cjs');
  expect((await launch({})).words[0]).toBe(recent);
});

test('a link to nowhere is passed over', async () => {
  node('node/bin/node');
  const program = put('lib/colony.cjs');
  symlinkSync(join(home, 'gone'), join(home, 'link'));
  expect((await launch({ program: [join(home, 'link'), program] })).words[2]).toBe(program);
});

test('what PATH has of colony is run by itself, with that Node.js before all others', async () => {
  node('node/bin/node');
  put('bin/colony', '#!/bin/sh\necho "$PATH"\nfor word in "$@"; do echo "$word"; done\n');
  const { words } = await launch({});
  expect(words).toEqual([`${home}/node/bin:${home}/bin:/nowhere`, ...supervise()]);
});

test('without Node.js it says what is missing', async () => {
  put('lib/colony.cjs');
  const { code, said } = await launch({});
  expect(code).toBe(69);
  expect(said).toContain(`there is no Node.js 20.19 or newer, neither at ${home}/node/bin/node`);
  expect(said).toContain(`colony enable -f ${TARGET.config}`);
});

test('without colony it says so', async () => {
  node('node/bin/node');
  const { code, said } = await launch({});
  expect(code).toBe(69);
  expect(said).toContain('colony itself is gone');
});

test('a colony that is down is not started', async () => {
  node('node/bin/node');
  put('lib/colony.cjs');
  expect(await launch({ owner: join(home, 'none') })).toEqual({ code: 0, words: [''], said: '' });
});
