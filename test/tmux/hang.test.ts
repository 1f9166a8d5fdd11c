import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTmux } from '../../src/tmux/open.ts';
import type { Tmux } from '../../src/tmux/types.ts';
import { bad, good, type PrivateTmux, privateTmux } from '../rig/tmux.ts';
import { isAlive, waitFor } from '../rig/wait.ts';
import { launchOf, sessionOf } from './launch.ts';

/** A loaded machine takes a while for an answer, too. */
const TIMEOUT = 1_500;

let rig: PrivateTmux;
let tmux: Tmux;

beforeEach(async () => {
  rig = privateTmux();
  tmux = good(await openTmux(rig.options({ timeout: TIMEOUT })));
});
afterEach(async () => {
  process.kill(tmux.serverPid, 'SIGCONT');
  await tmux.close();
  await rig.stop();
});

const again = () => waitFor('an answer', async () => (await tmux.observe()).ok);

test('a server that hangs is out of reach, and afterwards as if nothing had been', async () => {
  good(await tmux.spawn(launchOf('web')));
  const before = good(await tmux.observe());
  process.kill(tmux.serverPid, 'SIGSTOP');
  const begun = performance.now();
  expect(bad(await tmux.observe())).toEqual({
    code: 'unreachable',
    command: 'list-panes',
    why: `tmux gave no answer within ${TIMEOUT} ms`,
  });
  expect(performance.now() - begun).toBeLessThan(TIMEOUT * 10);
  process.kill(tmux.serverPid, 'SIGCONT');
  await again();
  expect(good(await tmux.observe())).toEqual(before);
});

test('what was begun when it hung happens once, what was asked while it hung not at all', async () => {
  process.kill(tmux.serverPid, 'SIGSTOP');
  expect(bad(await tmux.spawn(launchOf('begun'))).code).toBe('unreachable');
  const later = [tmux.spawn(launchOf('begun')), tmux.spawn(launchOf('asked')), tmux.observe()];
  for (const one of later) expect(await one).toMatchObject({ ok: false, error: { code: 'unreachable' } });
  process.kill(tmux.serverPid, 'SIGCONT');
  await again();
  const seen = good(await tmux.observe());
  expect([...seen.sessions.keys()]).toEqual(['begun']);
  expect(sessionOf(seen, 'begun')).toMatchObject({ generation: 1, main: { state: 'alive' } });
  expect(bad(await tmux.spawn(launchOf('begun'))).why).toBe('duplicate session: begun');
});

test('late answers never reach a later question', async () => {
  const { session, pane } = good(await tmux.spawn(launchOf('web', { argv: ['sh', '-c', 'echo here; sleep 100000'] })));
  await waitFor('what it says', async () => good(await tmux.capture(pane, { history: 0 })).includes('here'));
  process.kill(tmux.serverPid, 'SIGSTOP');
  const lost = [tmux.observe(), tmux.label(session, { shown: 'late' }), tmux.keys('%99', ['x'])];
  for (const one of lost) expect((await one).ok).toBe(false);
  const waiting = tmux.capture(pane, { history: 0 });
  process.kill(tmux.serverPid, 'SIGCONT');
  expect(good(await waiting)).toEqual(['here']);
  expect(sessionOf(good(await tmux.observe()), 'web').shown).toBe('late');
});

test('opening a server that hangs fails in time and leaves no client', async () => {
  process.kill(tmux.serverPid, 'SIGSTOP');
  const begun = performance.now();
  expect(bad(await openTmux(rig.options({ timeout: TIMEOUT })))).toMatchObject({ code: 'unreachable' });
  expect(performance.now() - begun).toBeLessThan(TIMEOUT * 10);
  process.kill(tmux.serverPid, 'SIGCONT');
  const clients = async () => (await rig.tmux('list-clients', '-F', '#{client_pid}')).split('\n');
  await waitFor('only the two clients of the first', async () => (await clients()).length === 2);
});

test('closing while the server hangs ends the clients all the same', async () => {
  const clients = (await rig.tmux('list-clients', '-F', '#{client_pid}')).split('\n').map(Number);
  process.kill(tmux.serverPid, 'SIGSTOP');
  await tmux.close();
  for (const pid of clients) expect(await isAlive(pid)).toBe(false);
});
