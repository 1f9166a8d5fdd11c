import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pressUntil, screenOf } from '../rig/fake-kinds.ts';
import { waitFor } from '../rig/wait.ts';
import type { Program } from './driver.ts';
import { Lab } from './lab.ts';

const DIALOG = {
  claude: { command: 'BASH touch', text: 'Do you want to proceed?', yes: '1' },
  codex: { command: 'BASH !touch', text: 'Would you like to run', yes: 'y' },
} as const;

const TIMES = 10;

/** How soon colony says that an agent waits for a permission, from the moment at which a person can see the dialog. */
export function promptlyContract(kind: 'claude' | 'codex', program: Program): void {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.make(kind, program);
  });
  afterEach(() => lab.colony.end());

  const { command, text, yes } = DIALOG[kind];

  const waits = async () => {
    const { activity } = await lab.status('a');
    return activity.state === 'waiting' && activity.for === 'permission';
  };
  /** Read where the supervisor writes it down: to ask it would make it look. */
  const told = () => lab.colony.journal().filter(({ type }) => type === 'attention').length;
  const since = async (what: string, look: () => Promise<boolean>) => {
    await waitFor(what, look, 60_000);
    return performance.now();
  };

  /** Milliseconds from the dialog on the screen to the word of it. */
  async function once(round: number): Promise<number> {
    const before = told();
    expect((await lab.colony.run(['send', 'a', `${command} made-${round}`])).code).toBe(0);
    const shown = since('the dialog', async () => (await screenOf(lab.colony, 'a')).includes(text));
    const said = since('word of the dialog', async () => told() > before);
    const took = (await said) - (await shown);
    await waitFor('status to say so, too', waits, 1_000);
    await pressUntil(lab.colony, 'a', yes, async () => !(await waits()));
    await lab.idle('a');
    return Math.max(0, took);
  }

  describe('a permission that is asked for', () => {
    test.each([0, 30])(
      'is said within a second, beside %d shells',
      async (shells) => {
        const others = Array.from({ length: shells }, (_, index) => [`s${index}`, { command: 'exec sleep 100000' }]);
        await lab.apply({ a: lab.agent(), ...(Object.fromEntries(others) as object) });
        await lab.idle();
        const times: number[] = [];
        for (let round = 0; round < TIMES; round += 1) times.push(await once(round));
        times.sort((a, b) => a - b);
        const [median, longest] = [times[TIMES / 2 - 1] ?? Infinity, times.at(-1) ?? Infinity];
        const figures = `median ${Math.round(median)} ms, longest ${Math.round(longest)} ms of ${TIMES}`;
        console.log(`${kind}, waiting for a permission, beside ${shells} shells: said after ${figures}`);
        expect(median).toBeLessThan(1_000);
      },
      300_000,
    );
  });
}
