import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { screenOf } from '../rig/fake-kinds.ts';
import { waitFor } from '../rig/wait.ts';
import type { Program } from './driver.ts';
import { Lab } from './lab.ts';

/** Longer than either program waits for the rest of an answer before it asks again by itself. */
const LONG = 6 * 60_000;
const MINUTE = 60_000;

/** The API stops in mid-answer, for as long as it takes. */
export function hangingContract(kind: 'claude' | 'codex', program: Program): void {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.make(kind, program);
  });
  afterEach(() => lab.colony.end());

  describe('an answer that stops in the middle, for six minutes', () => {
    test('restarts nobody, but for whom a probe asks for it, who comes back in the same conversation', async () => {
      const liveness = { activity: { silent_for: '1m', while: 'busy' }, period: '5s', failure_threshold: 2 };
      const told = { ...liveness, on_failure: 'notify' };
      const agents = {
        plain: lab.agent(),
        probed: lab.agent({ probes: { liveness } }),
        told: lab.agent({ probes: { liveness: told } }),
      };
      await lab.apply(agents);
      for (const name of Object.keys(agents)) await lab.idle(name);
      for (const name of Object.keys(agents)) expect((await lab.colony.run(['send', name, 'HANGMID'])).code).toBe(0);
      const began = performance.now();
      const { conversation } = await waitFor('its conversation', async () => {
        const now = await lab.status('probed');
        return now.conversation === null ? undefined : now;
      });
      for (let minute = 1; minute * MINUTE <= LONG; minute += 1) {
        await waitFor('the next minute', () => performance.now() - began >= minute * MINUTE, LONG);
        await report(minute, Object.keys(agents));
      }
      expect(await lab.status('plain')).toMatchObject({ generation: 1, phase: 'ready' });
      expect(await lab.idle('probed', 2)).toMatchObject({ conversation });
      expect(await lab.status('told')).toMatchObject({ generation: 1 });
      const events = lab.colony.journal();
      const hung = events.filter((entry) => entry.type === 'stopping' && entry.reason.code === 'hung');
      expect(hung).toMatchObject([{ agent: 'probed' }]);
      const alerts = events.filter((entry) => entry.type === 'alert');
      expect(alerts).toMatchObject([{ agent: 'told', policy: 'liveness', reason: { code: 'hung' } }]);
      expect((await lab.colony.run(['send', 'probed', 'and now'])).code).toBe(0);
      await lab.shows('stub: you said and now', 'probed');
    }, 600_000);
  });

  /** What a person sees at each minute. */
  async function report(minute: number, names: readonly string[]): Promise<void> {
    for (const name of names) {
      const { phase, generation, activity } = await lab.status(name);
      const shown = (await screenOf(lab.colony, name))
        .split('\n')
        .filter((line) => /[●•✻◦■⚠]|Working|retry/.test(line));
      const about = `${phase}, ${activity.state} by its ${activity.source}, life ${generation}`;
      console.log(`${kind} ${name}, minute ${minute}: ${about}; it shows ${JSON.stringify(shown.slice(-2))}`);
    }
  }
}
