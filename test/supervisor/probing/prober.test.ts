import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OnFailure, Role, Verdict } from '../../../src/reconciler/types.ts';
import { waitFor } from '../../rig/wait.ts';
import { asks, Lab } from './rig.ts';

let lab: Lab;

beforeEach(() => {
  lab = new Lab();
});
afterEach(() => lab.prober.close());

/** Wait until this was published, and make the pass that follows. */
async function published(...said: string[]): Promise<void> {
  await waitFor(`${said.join(', ')} to be published`, () => JSON.stringify(lab.said) === JSON.stringify(said));
  lab.sync();
}

const checks = (name: string, more: number) => {
  const before = lab.count(name);
  return waitFor(`${more} checks of ${name}`, () => lab.count(name) >= before + more);
};

describe('roles', () => {
  test('startup holds the others back, and readiness is said when it comes', async () => {
    lab.answers.set('up', undefined).set('ok', true).set('alive', true);
    lab.live('web', { startup: [asks('up')], readiness: [asks('ok')], liveness: [asks('alive')] });
    await checks('up', 2);
    expect([lab.said, lab.count('ok'), lab.count('alive')]).toEqual([[], 0, 0]);
    lab.answers.set('up', true);
    await published('startup healthy exec');
    await published('startup healthy exec', 'readiness healthy exec');
    const ups = lab.count('up');
    await checks('alive', 2);
    expect(lab.count('up')).toBe(ups);
    expect(lab.said).toHaveLength(2);
  });

  test('startup that fails is said once, and nothing more is checked', async () => {
    lab.answers.set('up', false);
    lab.live('web', { startup: [asks('up', { failure_threshold: 3 })], liveness: [asks('alive')] });
    await published('startup unhealthy exec');
    expect(lab.count('up')).toBe(3);
    expect(lab.events[0]).toMatchObject({ agent: 'web', run: 'web-1', text: 'the command ended with exit code 1' });
    lab.live('other', { liveness: [asks('other')] });
    await checks('other', 3);
    expect([lab.count('up'), lab.count('alive')]).toEqual([3, 0]);
  });

  test('liveness says nothing while all is well, and rests when the life is about to be ended', async () => {
    lab.live('web', { liveness: [asks('alive')] });
    await checks('alive', 2);
    expect(lab.said).toEqual([]);
    lab.answers.set('alive', false);
    await published('liveness unhealthy exec');
    const before = lab.count('alive');
    lab.live('other', { liveness: [asks('other')] });
    await checks('other', 3);
    expect(lab.count('alive')).toBe(before);
  });

  test('liveness that only notifies goes on', async () => {
    lab.answers.set('alive', false);
    lab.live('web', { liveness: [asks('alive', { on_failure: 'notify' })] });
    await published('liveness unhealthy exec');
    lab.answers.set('alive', true);
    await published('liveness unhealthy exec', 'liveness healthy exec');
  });

  test('a role is ready when all of its probes are, and not when one is not', async () => {
    lab.answers.set('a', true).set('b', false);
    lab.live('web', { readiness: [asks('a'), asks('b', { failure_threshold: 3 })] });
    await published('readiness unhealthy exec');
    lab.answers.set('b', true);
    await published('readiness unhealthy exec', 'readiness healthy exec');
  });

  test('a check that fails itself decides nothing', async () => {
    lab.answers.set('a', undefined);
    lab.live('web', { readiness: [asks('a')], liveness: [asks('a')] });
    await checks('a', 6);
    expect(lab.said).toEqual([]);
    expect(lab.prober.findings('web-1')).toMatchObject([
      { role: 'readiness', probe: 'exec', is: 'unknown', text: 'the command cannot be executed: no' },
      { role: 'liveness', probe: 'exec', is: 'unknown' },
    ]);
  });
});

test('flapping is found by failures within, and not by failure_threshold', async () => {
  let turn = 0;
  lab.answers.set('flap', () => turn++ % 2 === 1);
  const patient = asks('patient', { failure_threshold: 3 });
  lab.answers.set('patient', () => turn % 2 === 1);
  lab.live('web', { liveness: [asks('flap', { failure_threshold: 3, failures: { count: 3, within: 5 } })] });
  lab.live('other', { liveness: [patient] });
  await published('liveness unhealthy exec');
  expect(lab.events[0]?.agent).toBe('web');
  expect(lab.count('flap')).toBe(5);
});

describe('a nudge', () => {
  const nudging = () => asks('alive', { on_failure: 'nudge', failure_threshold: 2 });
  const nudged = () => {
    lab.tell({ type: 'nudged', agent: 'web', run: 'web-1', reason: { code: 'user_requested' }, keys: ['Escape'] });
    lab.sync();
  };

  test('that does not help: the failure is published once more, after as many failures', async () => {
    lab.answers.set('alive', false);
    lab.live('web', { liveness: [nudging()] });
    await published('liveness unhealthy exec');
    await checks('alive', 3);
    expect(lab.said).toHaveLength(1);
    const before = lab.count('alive');
    nudged();
    await published('liveness unhealthy exec', 'liveness unhealthy exec');
    expect(lab.count('alive')).toBeGreaterThanOrEqual(before + 2);
    expect(lab.health('web').liveness?.on_failure).toBe('restart');
    const after = lab.count('alive');
    lab.live('other', { liveness: [asks('other')] });
    await checks('other', 3);
    expect(lab.count('alive')).toBe(after);
  });

  test('that helps', async () => {
    lab.answers.set('alive', false);
    lab.live('web', { liveness: [nudging()] });
    await published('liveness unhealthy exec');
    lab.answers.set('alive', true);
    nudged();
    await published('liveness unhealthy exec', 'liveness healthy exec');
    lab.answers.set('alive', false);
    await published('liveness unhealthy exec', 'liveness healthy exec', 'liveness unhealthy exec');
    expect(lab.health('web').liveness?.on_failure).toBe('nudge');
  });

  test('a milder failure beside it does not count as the same', async () => {
    lab.answers.set('alive', false).set('mild', true);
    lab.live('web', { liveness: [nudging(), asks('mild', { on_failure: 'notify' })] });
    await published('liveness unhealthy exec');
    lab.answers.set('alive', undefined).set('mild', false);
    nudged();
    await checks('mild', 3);
    expect(lab.said).toHaveLength(1);
    lab.answers.set('alive', true);
    await waitFor('the milder failure', () => lab.said.length === 3);
    expect(lab.health('web').liveness).toMatchObject({ is: 'unhealthy', on_failure: 'notify', nudged: false });
  });
});

describe('who is not wanted any more', () => {
  test('nothing is checked after a life has vanished, and a late result is dropped', async () => {
    let finish: (good: boolean) => void = () => undefined;
    lab.answers.set('alive', () => new Promise<boolean>((resolve) => (finish = resolve)));
    lab.live('web', { liveness: [asks('alive')] });
    await checks('alive', 1);
    lab.end('web');
    expect(lab.looks[0]?.cancel.aborted).toBe(true);
    lab.answers.set('alive', true);
    lab.live('web', { liveness: [asks('alive')] }, { run: 'web-2' });
    finish(false);
    await checks('alive', 2);
    expect(lab.said).toEqual([]);
    lab.end('web');
    const before = lab.looks.length;
    lab.live('other', { liveness: [asks('other')] });
    await checks('other', 3);
    expect(lab.looks.length - before).toBe(lab.count('other'));
  });

  test('while something is done to an agent it is left alone', async () => {
    const probes = { liveness: [asks('alive')] };
    lab.live('web', probes);
    await checks('alive', 1);
    lab.live('web', probes, { paused: true });
    const before = lab.count('alive');
    lab.live('other', { liveness: [asks('other')] });
    await checks('other', 3);
    expect(lab.count('alive')).toBe(before);
    lab.live('web', probes);
    await checks('alive', 2);
  });

  test('a probe that was edited stops, and the new one begins; the others go on', async () => {
    lab.live('web', { readiness: [asks('ready')], liveness: [asks('old')] });
    await checks('old', 1);
    lab.live('web', { readiness: [asks('ready')], liveness: [asks('new')] });
    const before = lab.count('old');
    await checks('new', 3);
    expect(lab.count('old')).toBe(before);
    await checks('ready', 1);
    expect(lab.said).toEqual(['readiness healthy exec']);
  });
});

describe('the times', () => {
  test('a check never overlaps itself', async () => {
    let running = 0;
    let most = 0;
    lab.answers.set('slow', async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 250));
      running -= 1;
      return true;
    });
    lab.live('web', { liveness: [asks('slow')] });
    await checks('slow', 4);
    expect(most).toBe(1);
  });

  test('no more than the limit at once, and everybody gets a turn', async () => {
    let running = 0;
    let most = 0;
    const names = Array.from({ length: 12 }, (_, index) => `agent-${index}`);
    lab.most = 3;
    for (const name of names) {
      lab.answers.set(name, async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 20));
        running -= 1;
        return true;
      });
      lab.live(name, { liveness: [asks(name)] });
    }
    await Promise.all(names.map((name) => checks(name, 3)));
    expect(most).toBe(3);
    const counts = names.map((name) => lab.count(name));
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
  });

  test('the first check waits for initial_delay, counted from the start of the life', async () => {
    const began = performance.now();
    lab.live('web', { liveness: [asks('late', { initial_delay: 500 })] });
    await checks('late', 1);
    expect(performance.now() - began).toBeGreaterThan(495);
    lab.live('old', { liveness: [asks('soon', { initial_delay: 3_600_000 })] }, { age: 3_600_000 });
    await checks('soon', 1);
  });
});

describe('a new supervisor', () => {
  const verdict = (role: Role, is: Verdict['is'], on_failure: OnFailure = 'restart') =>
    lab.tell({ type: 'health', agent: 'web', run: 'web-1', role, is, probe: 'exec', text: 'x', on_failure });

  test('goes on with what was published: nothing flips without new results', async () => {
    lab.answers.set('up', undefined).set('ok', undefined).set('alive', undefined);
    const probes = { startup: [asks('up')], readiness: [asks('ok')], liveness: [asks('alive')] };
    lab.live('web', {}, { age: 60_000 });
    verdict('startup', 'healthy');
    verdict('readiness', 'healthy');
    lab.live('web', probes);
    await checks('alive', 3);
    expect([lab.said, lab.count('up')]).toEqual([[], 0]);
    lab.answers.set('ok', false);
    await published('readiness unhealthy exec');
  });

  test('finds out that what had failed is well again', async () => {
    lab.live('web', {}, { age: 60_000 });
    verdict('liveness', 'unhealthy', 'notify');
    lab.live('web', { liveness: [asks('alive', { on_failure: 'notify' })] });
    await published('liveness healthy exec');
  });

  test('leaves a life alone that is to be ended', async () => {
    lab.live('web', {}, { age: 60_000 });
    verdict('liveness', 'unhealthy');
    lab.live('web', { liveness: [asks('alive')] });
    lab.live('other', { liveness: [asks('other')] });
    await checks('other', 3);
    expect(lab.count('alive')).toBe(0);
  });
});

describe('what the program says of itself', () => {
  test('that it is ready passes startup at once', async () => {
    lab.answers.set('up', undefined);
    lab.live('web', { startup: [asks('up')], readiness: [asks('ok')] });
    lab.reports.set('web-1', { ready: lab.now() });
    lab.sync();
    await published('startup healthy notify');
    await published('startup healthy notify', 'readiness healthy exec');
  });

  test('while it asks for patience failures of startup and liveness do not count', async () => {
    lab.answers.set('up', false).set('ok', false).set('alive', false);
    lab.reports.set('slow-1', { extendedUntil: lab.now() + 3_600_000 });
    lab.reports.set('web-1', { extendedUntil: lab.now() + 3_600_000 });
    lab.live('slow', { startup: [asks('up')] });
    lab.live('web', { readiness: [asks('ok')], liveness: [asks('alive')] });
    await checks('alive', 3);
    await checks('up', 3);
    expect(lab.said).toEqual(['readiness unhealthy exec']);
    lab.reports.set('web-1', { extendedUntil: lab.now() });
    await published('readiness unhealthy exec', 'liveness unhealthy exec');
  });
});

test('startup probes that are written for a life that is long up are for the next one', async () => {
  lab.answers.set('up', false);
  lab.live('web', { readiness: [asks('ok')] });
  await published('readiness healthy exec');
  lab.live('web', { startup: [asks('up')], readiness: [asks('ok')] });
  await published('readiness healthy exec', 'startup healthy none');
  lab.live('web', { startup: [asks('up')] }, { run: 'web-2' });
  await published('readiness healthy exec', 'startup healthy none', 'startup unhealthy exec');
});

test('hundreds of agents without probes cost next to nothing', () => {
  for (let index = 0; index < 500; index++) lab.live(`agent-${index}`, {});
  const began = performance.now();
  for (let round = 0; round < 20; round++) lab.sync();
  expect((performance.now() - began) / 20).toBeLessThan(250);
  expect(lab.looks).toEqual([]);
});
