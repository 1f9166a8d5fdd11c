import { expect, test } from 'vitest';
import type { Finding } from '../../../src/reconciler/types.ts';
import { Slots } from '../../../src/supervisor/probing/slots.ts';
import { Worker } from '../../../src/supervisor/probing/worker.ts';
import { waitFor } from '../../rig/wait.ts';

const bad: Finding = { is: 'unhealthy', text: 'silent' };

/** How many findings come of six checks, if an hour is lost in the third; the clock goes by checks alone. */
async function findings(judgesSilence: boolean): Promise<number> {
  let now = 0;
  let checks = 0;
  let found = 0;
  const worker = new Worker({
    period: 100,
    delay: 0,
    judgesSilence,
    slots: new Slots(1),
    clock: () => now,
    random: () => 0.5,
    check: async () => {
      checks += 1;
      now += checks === 3 ? 3_600_000 : 100;
      return bad;
    },
    onFinding: () => {
      found += 1;
      if (checks === 6) worker.stop();
    },
  });
  await waitFor('six checks', () => checks === 6);
  worker.stop();
  return found;
}

test('a time in which nobody looked is no silence: one judgement is left out', async () => {
  expect(await findings(true)).toBe(5);
});

test('to other probes it does not matter', async () => {
  expect(await findings(false)).toBe(6);
});

test('a bug in one check, or a turn that was given up, does not hold up the others', async () => {
  const slots = new Slots(1);
  const order: string[] = [];
  const first = slots.run(async () => {
    order.push('first');
    await Promise.resolve();
    throw new Error('bug');
  });
  const others = ['second', 'third'].map((name) => slots.run(async () => void order.push(name)));
  await expect(first).rejects.toThrow('bug');
  await Promise.all(others);
  expect(order).toEqual(['first', 'second', 'third']);
});
