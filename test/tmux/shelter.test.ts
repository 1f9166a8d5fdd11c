import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTmux } from '../../src/tmux/open.ts';
import type { Shelter } from '../../src/tmux/types.ts';
import { good, type PrivateTmux, privateTmux } from '../rig/tmux.ts';

let rig: PrivateTmux;
beforeEach(() => {
  rig = privateTmux();
});
afterEach(() => rig.stop());

/** A command in the place of systemd-run: it leaves a mark, sets a variable of its own, and runs what follows `--`. */
function shelter(name: string, last = 'exec "$@"'): Shelter & { readonly mark: string } {
  const mark = join(rig.dir, `${name}.mark`);
  const program = join(rig.dir, name);
  const text = `#!/bin/sh\necho "$NEEDED" >>${mark}\nINVOCATION_ID=its-own; export INVOCATION_ID\nwhile [ "$1" != -- ]; do shift; done; shift\n${last}\n`;
  writeFileSync(program, text);
  chmodSync(program, 0o755);
  const argv = [program, '--scope', '--', 'env', '-u', 'NEEDED', '-u', 'INVOCATION_ID'] as const;
  return { argv, environment: { NEEDED: 'to be found' }, mark };
}

const variables = async () => (await rig.tmux('show-environment', '-g')).split('\n').map((line) => line.split('=')[0]);

test('a server is made through the first shelter that works, and has the environment it has without one', async () => {
  await good(await openTmux(rig.options())).close();
  const plain = await variables();
  await rig.tmux('kill-server');
  const failing = shelter('failing', 'echo no bus >&2; exit 1');
  const working = shelter('working');
  const unsheltered: string[] = [];
  const shelters = [failing, working, shelter('not-needed')];
  const tmux = good(await openTmux(rig.options({ shelters, onUnsheltered: (why) => unsheltered.push(why) })));
  expect(readFileSync(working.mark, 'utf8')).toBe('to be found\n');
  expect(existsSync(failing.mark)).toBe(true);
  expect(existsSync(join(rig.dir, 'not-needed.mark'))).toBe(false);
  expect(await variables()).toEqual(plain);
  expect(unsheltered).toEqual([]);
  await tmux.close();
});

test('who finds a server needs no shelter', async () => {
  await good(await openTmux(rig.options())).close();
  const unused = shelter('unused');
  await good(await openTmux(rig.options({ shelters: [unused] }))).close();
  expect(existsSync(unused.mark)).toBe(false);
});

test.each([
  [
    'that is not there',
    () => ({ argv: ['/nowhere/systemd-run', '--'] as const, environment: {} }),
    '/nowhere/systemd-run',
  ],
  ['that fails', () => shelter('failing', 'echo Failed to connect to bus >&2; exit 1'), 'Failed to connect to bus'],
])('after a shelter %s the server is made without one, and it is said', async (_, make, why) => {
  const unsheltered: string[] = [];
  const options = rig.options({ shelters: [make()], onUnsheltered: (text) => unsheltered.push(text) });
  const tmux = good(await openTmux(options));
  expect(await rig.tmux('display', '-p', '#{pid}')).toBe(String(tmux.serverPid));
  expect(unsheltered).toEqual([expect.stringContaining(why)]);
  await tmux.close();
});
