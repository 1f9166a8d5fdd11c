import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import type { Heard, Look } from '../../../src/probes/look.ts';
import { noHealth } from '../../../src/reconciler/ledger.ts';
import type { AgentSpec, PaneId } from '../../../src/reconciler/types.ts';
import { Patterns } from '../../../src/supervisor/patterns/patterns.ts';
import { Outputs } from '../../../src/supervisor/probing/outputs.ts';
import type { Subject } from '../../../src/supervisor/probing/subject.ts';
import { openTmux } from '../../../src/tmux/open.ts';
import type { Tmux } from '../../../src/tmux/types.ts';
import { look, probe } from '../../probes/rig.ts';
import { good, type PrivateTmux, privateTmux } from '../../rig/tmux.ts';
import { waitFor } from '../../rig/wait.ts';
import { launchOf, sessionOf } from '../../tmux/launch.ts';

let rig: PrivateTmux;
let tmux: Tmux;
let outputs: Outputs;
const patterns = new Patterns();
afterAll(() => patterns.close());
let folder: string;
const opened: Outputs[] = [];

/** A supervisor's view of the outputs. */
function supervisor(): Outputs {
  const made = new Outputs({ folder, tmux: () => tmux, clock: () => 0, patterns });
  opened.push(made);
  return made;
}

beforeEach(async () => {
  rig = privateTmux();
  tmux = good(await openTmux(rig.options()));
  folder = join(rig.dir, 'output');
  outputs = supervisor();
});

afterEach(async () => {
  for (const each of opened.splice(0)) each.close();
  await tmux.close();
  await rig.stop();
});

type Log = { readonly match: string } | { readonly not_match: string };

function subject(pane: PaneId, logs: readonly Log[], over: Partial<Subject> = {}): Subject {
  const liveness = logs.map((log) => probe({ log: { match: undefined, not_match: undefined, ...log } }));
  const spec = { name: 'web', probes: { startup: [], readiness: [], liveness } } as unknown as AgentSpec;
  const run = 'web-1';
  return { agent: 'web', run, generation: 1, pane, started: 0, spec, health: noHealth, paused: false, ...over };
}

const heard = (over: Partial<Look> = {}, from = outputs) => from.heard(look({ run: 'web-1', ...over }));

/** What the probe hears, once that is something. */
function hears(is: (heard: Heard) => boolean, over: Partial<Look> = {}, from = outputs): Promise<Heard> {
  return waitFor('a line to be heard', async () => {
    const found = await heard(over, from);
    return found.ok && is(found.value) && found.value;
  });
}

/** What was printed by a run. */
const fileOf = (run: string) => readFileSync(join(folder, `${run}.out`), 'utf8');

/** A program that says every line it is told. */
const echo = ['sh', '-c', 'stty -echo; echo begun; while read -r line; do echo "said $line"; done'] as const;

async function started(argv: readonly [string, ...string[]] = echo): Promise<PaneId> {
  const { pane } = good(await tmux.spawn(launchOf('web', { argv })));
  await waitFor('the start', async () => good(await tmux.capture(pane, { history: 0 })).includes('begun'));
  return pane;
}

const say = async (pane: PaneId, text: string) => good(await tmux.keys(pane, [text, 'Enter']));

test('a line that matches is kept, and a bad one is heard once', async () => {
  const pane = await started();
  outputs.sync([subject(pane, [{ match: 'said o.e' }, { not_match: 'panic' }])]);
  await hears(({ matched }) => matched === undefined);
  await say(pane, 'one');
  expect((await hears(({ matched }) => matched !== undefined)).matched).toBe('said one');
  await say(pane, 'panic now');
  expect(await hears(({ fresh }) => fresh !== undefined, { index: 1 })).toMatchObject({
    fresh: { line: 'said panic now', count: 1 },
  });
  expect(await heard({ index: 1 })).toMatchObject({ ok: true, value: { fresh: undefined } });
  expect(await heard()).toMatchObject({ ok: true, value: { matched: 'said one' } });
});

test('what a program printed before anybody read it is on its screen, or above it', async () => {
  const pane = await started(['sh', '-c', 'echo listening; seq 100; echo begun; exec cat']);
  outputs.sync([subject(pane, [{ match: '^listening$' }, { not_match: '^listening$' }])]);
  await hears(({ matched }) => matched === 'listening');
  expect(await heard({ index: 1 })).toMatchObject({ ok: true, value: { fresh: { count: 1 } } });
});

test('a question without an end of its line can match', async () => {
  const pane = await started(['sh', '-c', 'echo begun; read -r _; printf "password: "; read -r _']);
  outputs.sync([subject(pane, [{ match: '^password:$' }])]);
  await hears(({ matched }) => matched === undefined);
  await say(pane, '');
  await hears(({ matched }) => matched === 'password:');
});

test('the files are private, and only of those who have a log probe', async () => {
  const pane = await started();
  outputs.sync([subject(pane, [])]);
  expect(existsSync(folder)).toBe(false);
  outputs.sync([subject(pane, [{ match: 'x' }])]);
  await hears(() => true);
  await say(pane, 'one');
  await waitFor('what was said to be written', () => fileOf('web-1').includes('said one'));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'web-1.out')).mode & 0o777).toBe(0o600);
  outputs.sync([subject(pane, [])]);
  await waitFor('the file to be gone', () => readdirSync(folder).length === 0);
  await waitFor('the pipe to be closed', async () => !good(await tmux.piped(pane)));
});

test('the next life in the same pane begins anew', async () => {
  const pane = await started(['sh', '-c', 'echo begun; read -r _; echo old panic; exit 1']);
  outputs.sync([subject(pane, [{ not_match: 'panic' }])]);
  await hears(() => true);
  await say(pane, '');
  const dead = await waitFor('the program to be dead', async () => {
    tmux.poke();
    const session = sessionOf(good(await tmux.observe()), 'web');
    return session.main.state === 'dead' && session;
  });
  outputs.sync([]);
  good(await tmux.respawn(dead, launchOf('web', { argv: echo })));
  outputs.sync([subject(pane, [{ not_match: 'panic' }, { match: 'old' }], { run: 'web-2', generation: 2 })]);
  await hears(() => true, { run: 'web-2' });
  await say(pane, 'hello');
  await waitFor('what was said in the next life', () => fileOf('web-2').includes('said hello'));
  expect(await heard({ run: 'web-2' })).toMatchObject({ ok: true, value: { fresh: undefined } });
  expect(await heard({ run: 'web-2', index: 1 })).toMatchObject({ ok: true, value: { matched: undefined } });
  expect(await heard()).toMatchObject({ ok: false });
  expect(readdirSync(folder)).toEqual(['web-2.out']);
});

test('a new supervisor goes on: what was printed is not new, and removes what nobody reads', async () => {
  const pane = await started();
  const probes = [{ match: 'one' }, { not_match: 'panic' }];
  outputs.sync([subject(pane, probes)]);
  await hears(() => true);
  outputs.close();
  writeFileSync(join(folder, 'gone-1.out'), 'x');
  await say(pane, 'one panic');
  await waitFor('what was said to be written', () => fileOf('web-1').includes('said one'));
  const next = supervisor();
  next.sync([subject(pane, probes)]);
  await hears(({ matched }) => matched === 'said one panic', {}, next);
  expect(await heard({ index: 1 }, next)).toMatchObject({ ok: true, value: { fresh: undefined } });
  await say(pane, 'panic');
  await hears(({ fresh }) => fresh?.count === 1, { index: 1 }, next);
  expect(readdirSync(folder)).toEqual(['web-1.out']);
});

test('other log probes are heard from then on, and those that stay keep what they know', async () => {
  const pane = await started();
  outputs.sync([subject(pane, [{ match: 'one' }])]);
  await hears(() => true);
  await say(pane, 'one');
  await hears(({ matched }) => matched !== undefined);
  outputs.sync([subject(pane, [{ match: 'one' }, { match: 'said' }, { not_match: 'said' }])]);
  await hears(({ matched }) => matched === 'said one');
  await hears(({ matched }) => matched === 'said one', { index: 1 });
  expect(await heard({ index: 2 })).toMatchObject({ ok: true, value: { fresh: undefined } });
});

test('a flood is skipped, said, and bounded on disk', async () => {
  const flood =
    'echo begun; read -r _; yes "a line of a flood that does not end" | head -n 400000; echo over; exec cat';
  const pane = await started(['sh', '-c', flood]);
  outputs.sync([subject(pane, [{ match: '^over$' }, { not_match: '^never$' }])]);
  await hears(() => true);
  await say(pane, '');
  const size = () => statSync(join(folder, 'web-1.out')).size;
  await waitFor('more than is read at once', () => size() > 1.5 * 1024 * 1024);
  const began = performance.now();
  const found = await heard({ index: 1 });
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(found.ok && found.value.skipped).toBeGreaterThan(0);
  await hears(({ matched }) => matched === 'over');
  expect(size()).toBeLessThan(2 * 1024 * 1024);
});

test('a file that was taken away is begun anew', async () => {
  const pane = await started();
  outputs.sync([subject(pane, [{ match: 'one' }])]);
  await hears(() => true);
  await rig.tmux('run-shell', `rm ${folder}/web-1.out`);
  await waitFor('a new file', async () => (await heard()) && existsSync(join(folder, 'web-1.out')));
  await say(pane, 'one');
  await hears(({ matched }) => matched !== undefined);
});

test('without tmux nothing is known', async () => {
  const deaf = new Outputs({ folder, tmux: () => undefined, clock: () => 0, patterns });
  deaf.sync([subject('%0', [{ match: 'x' }])]);
  expect(await deaf.heard(look())).toEqual({ ok: false, error: 'tmux cannot be reached' });
  deaf.close();
});

test('the sign that the work is done is found without any probe, once for each life', async () => {
  let told = 0;
  const watching = new Outputs({ folder, tmux: () => tmux, clock: () => 0, patterns, onMarker: () => (told += 1) });
  opened.push(watching);
  const pane = await started();
  const plain = subject(pane, []);
  const spec = { ...plain.spec, completion: { output: '^said DONE', answer: undefined } };
  watching.sync([{ ...plain, spec }]);
  expect(watching.markerOf('web-1')).toBeUndefined();
  await say(pane, 'DONE with it');
  await waitFor('the sign to be found', () => watching.markerOf('web-1'));
  expect([watching.markerOf('web-1'), watching.markerOf('web-2'), told]).toEqual(['said DONE with it', undefined, 1]);
  // The next supervisor finds it in what was printed before.
  watching.close();
  outputs.sync([{ ...plain, spec }]);
  await waitFor('the sign to be found again', () => outputs.markerOf('web-1'));
  outputs.sync([plain]);
  expect(outputs.markerOf('web-1')).toBeUndefined();
  expect(told).toBe(1);
});
