import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTmux } from '../../src/tmux/open.ts';
import type { OpenOptions, TmuxFailure } from '../../src/tmux/types.ts';
import { removeFolder } from '../rig/remove.ts';
import { bad, good, type PrivateTmux, privateTmux } from '../rig/tmux.ts';
import { isAlive } from '../rig/wait.ts';

const TIMEOUT = 300;

let rig: PrivateTmux;
let dir: string;

beforeEach(() => {
  rig = privateTmux();
  dir = mkdtempSync(join(tmpdir(), 'colony-fake-'));
});
afterEach(async () => {
  await rig.stop();
  removeFolder(dir);
});

/** A program that passes for tmux: what it does when asked for its version, and what it does otherwise. */
function fake(version: string, otherwise: string): string {
  const path = join(dir, 'tmux');
  const script = `#!/bin/sh\necho $$ >> ${dir}/pids\nif [ "$1" = -V ]; then ${version}; fi\n${otherwise}\n`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

const works = 'echo tmux 3.3a; exit 0';
const hangs = 'exec sleep 100000';
const open = (over: Partial<OpenOptions>) => openTmux(rig.options({ timeout: TIMEOUT, ...over }));

test.each<[string, string, string, Partial<TmuxFailure>]>([
  ['hangs', hangs, hangs, { code: 'unreachable', command: '-V', why: 'tmux gave no answer within 300 ms' }],
  [
    'hangs later',
    works,
    hangs,
    { code: 'unreachable', command: 'attach-session', why: 'tmux gave no answer within 300 ms' },
  ],
  ['fails', 'echo oh no >&2; exit 1', '', { code: 'unreachable', command: '-V', why: 'oh no' }],
  ['fails later', works, 'echo oh no >&2; exit 1', { code: 'unreachable', command: 'attach-session', why: 'oh no' }],
  [
    'fails without a word',
    works,
    'exit 3',
    { code: 'unreachable', why: 'tmux ended with exit code 3 and said nothing' },
  ],
  ['is another program', 'echo screen 4.9; exit 0', '', { code: 'unreachable', command: '-V' }],
  ['prints garbage', works, 'echo garbage; exit 1', { code: 'unreachable', command: 'attach-session', why: 'garbage' }],
  ['prints garbage for ever', works, `yes garbage | head -c 5000000; ${hangs}`, { code: 'unreachable' }],
  ['stalls in a reply', works, `echo '%begin 1 1 0'; ${hangs}`, { code: 'unreachable', command: 'attach-session' }],
  ['does not leave', works, `trap '' HUP TERM; printf '%%begin 1'; ${hangs}`, { code: 'unreachable' }],
  [
    'refuses',
    works,
    "printf '%%begin 1 1 0\\nno way\\n%%error 1 1 0\\n'",
    { code: 'refused', command: 'new-session', why: 'no way' },
  ],
  [
    'stalls after the greeting',
    works,
    `printf '%%begin 1 1 0\\n%%end 1 1 0\\n'; ${hangs}`,
    { code: 'unreachable', command: 'set-option' },
  ],
  [
    'leaves after the greeting',
    works,
    "printf '%%begin 1 1 0\\n%%end 1 1 0\\n%%exit server exited\\n'",
    { code: 'closed', command: 'set-option', why: 'server exited' },
  ],
  [
    'says nonsense of itself',
    works,
    `printf '%%begin 1 1 0\\n%%end 1 1 0\\n'; read x; for i in 1 2 3 4 5; do printf "%%begin 1 $i 1\\nx\\n%%end 1 $i 1\\n"; done; ${hangs}`,
    { code: 'unreachable', command: 'display-message', why: 'tmux says of itself `x`' },
  ],
  [
    'is old',
    'echo tmux 3.1c; exit 0',
    '',
    { code: 'too_old', why: 'this is tmux 3.1c, and 3.2a is the oldest that will do' },
  ],
  ['says no server', works, 'echo no server running on /tmp/x >&2; exit 1', { code: 'no_server' }],
])('a tmux that %s', async (_case, version, otherwise, failure) => {
  const begun = performance.now();
  expect(bad(await open({ binary: fake(version, otherwise) }))).toMatchObject(failure);
  expect(performance.now() - begun).toBeLessThan(10_000);
  const pids = readFileSync(join(dir, 'pids'), 'utf8').trim().split('\n').map(Number);
  for (const pid of pids) expect(await isAlive(pid)).toBe(false);
  // The version, attaching, making: only a server that may be ending is asked again.
  if (failure.code !== 'closed') expect(pids.length).toBeLessThanOrEqual(3);
});

test('a server that is just ending is asked again until there is another', async () => {
  const dying = `echo >> ${dir}/asked; [ $(wc -l < ${dir}/asked) -gt 3 ] || { echo "$WORDS" >&2; exit 1; }; exec tmux "$@"`;
  for (const words of ['server exited unexpectedly', 'lost server']) {
    rmSync(join(dir, 'asked'), { force: true });
    const environment = { ...rig.environment, WORDS: words };
    const tmux = good(await openTmux(rig.options({ environment, binary: fake(works, dying) })));
    expect(good(await tmux.observe()).sessions.size).toBe(0);
    await tmux.close();
  }
});

test.each([
  ['by name', 'no-such-tmux'],
  ['by path', '/nowhere/tmux'],
])('no tmux at all, %s', async (_case, binary) => {
  const failure = bad(await open({ binary }));
  expect(failure).toMatchObject({ code: 'missing', command: '-V' });
  expect(failure.why).toContain(`there is no program \`${binary}\`: install it with`);
});

test('a configuration that cannot be written', async () => {
  writeFileSync(join(dir, 'file'), '');
  const conf = { ...rig.options().conf, path: join(dir, 'file', 'tmux.conf') };
  const failure = bad(await open({ conf }));
  expect(failure).toMatchObject({ code: 'unreachable' });
  expect(failure.why).toContain(`cannot write ${conf.path}`);
  expect(existsSync(join(rig.dir, 'tmux.sock'))).toBe(false);
});
