import { existsSync, mkdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTmux } from '../../src/tmux/open.ts';
import type { Tmux } from '../../src/tmux/types.ts';
import { bad, good, type PrivateTmux, privateTmux } from '../rig/tmux.ts';
import { waitFor } from '../rig/wait.ts';
import { launchOf, sessionOf } from './launch.ts';

let rig: PrivateTmux;
let tmux: Tmux;

beforeEach(async () => {
  rig = privateTmux();
  tmux = good(await openTmux(rig.options()));
});

afterEach(async () => {
  await tmux.close();
  await rig.stop();
});

const sh = (line: string): ['sh', '-c', string] => ['sh', '-c', line];
const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const holds = (path: string, text: string) => waitFor(`${path} holding ${text}`, () => textOf(path).includes(text));

/** A program that says every line it is told. */
const echo = sh('stty -echo; echo begun; while read -r line; do echo "said $line"; done');

test('what is printed from now on goes into the file, and what was there before is the answer', async () => {
  const { pane } = good(await tmux.spawn(launchOf('web', { argv: echo })));
  await waitFor('the start', async () => good(await tmux.capture(pane, { history: 0 })).includes('begun'));
  const path = join(rig.dir, 'out');
  expect(good(await tmux.pipe(pane, path, { history: 0 }))).toEqual(['begun']);
  expect(good(await tmux.piped(pane))).toBe(true);
  good(await tmux.keys(pane, ['one', 'Enter']));
  await holds(path, 'said one');
  expect(textOf(path)).not.toContain('begun');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  good(await tmux.unpipe(pane));
  expect(good(await tmux.piped(pane))).toBe(false);
});

test('the next life in the pane goes on writing, and emptying the file does not disturb it', async () => {
  const { pane } = good(await tmux.spawn(launchOf('web', { argv: sh('read -r _; echo first; exit 0') })));
  const path = join(rig.dir, 'out');
  good(await tmux.pipe(pane, path, { history: 0 }));
  good(await tmux.keys(pane, ['Enter']));
  const dead = await waitFor('the end of the program', async () => {
    tmux.poke();
    const session = sessionOf(good(await tmux.observe()), 'web');
    return session.main.state === 'dead' && session;
  });
  await holds(path, 'first\r\n');
  truncateSync(path);
  const count = sh('i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo "line $i"; done; sleep 1000');
  good(await tmux.respawn(dead, launchOf('web', { argv: count })));
  await holds(path, 'line 20000\r\n');
  const numbers = [...textOf(path).matchAll(/line (\d+)\r\n/g)].map(([, number]) => Number(number));
  expect(numbers).toEqual(Array.from({ length: 20_000 }, (_, index) => index + 1));
  expect(textOf(path)).not.toContain('\0');
});

test('any path is taken as it is written', async () => {
  const { pane } = good(await tmux.spawn(launchOf('web', { argv: echo })));
  const name = fc.string({
    unit: fc.constantFrom(
      ...'aé漢 \'"\\$`#%;~&|(){}[]<>*?!\n\tHMS'.split(''),
      '#{pane_id}',
      '#[fg=red]',
      '%H',
      '#(id)',
    ),
    minLength: 1,
    maxLength: 20,
  });
  let n = 0;
  await fc.assert(
    fc.asyncProperty(name, async (text) => {
      n += 1;
      const folder = join(rig.dir, `${n}${text}`);
      mkdirSync(folder);
      const path = join(folder, text);
      good(await tmux.pipe(pane, path, { history: 0 }));
      good(await tmux.keys(pane, [`n${n}`, 'Enter']));
      await holds(path, `said n${n}`);
    }),
    { numRuns: 60 },
  );
});

test('a pane that is gone is refused', async () => {
  expect(bad(await tmux.pipe('%999', join(rig.dir, 'out'), { history: 0 })).code).toBe('refused');
  expect(good(await tmux.piped('%999'))).toBe(false);
});
