import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentStatus } from '../../src/control/protocol.ts';
import type { Entry } from '../../src/reconciler/types.ts';
import { waitFor } from '../rig/wait.ts';
import type { Program } from './driver.ts';
import { Lab } from './lab.ts';

/** What each trouble of the API leaves behind. Claude Code takes a limit without a reset for a server that is busy. */
const LEAVES = {
  drop: { text: 'DROP', claude: 'idle', codex: 'idle' },
  overloaded: { text: 'ERR 529', claude: 'idle', codex: 'idle' },
  'no-login': { text: 'ERR 401', claude: 'waiting', codex: 'waiting' },
  'too-often': { text: 'ERR 429', claude: 'idle', codex: 'idle' },
  limited: { text: 'LIMITED', claude: 'idle', codex: 'limited' },
  'limited-until': { text: 'RATELIMIT 3600', claude: 'limited', codex: 'limited' },
} as const;

const TROUBLES = Object.entries(LEAVES);

/** What colony says of an agent whose API refuses, and that it does nothing about it. */
export function troublesContract(kind: 'claude' | 'codex', program: Program): void {
  let lab: Lab;
  beforeEach(async () => {
    // Who has no subscription has no limits.
    lab = await Lab.make(kind, { ...program, env: { ...program.env, ...program.subscription } });
  });
  afterEach(() => lab.colony.end());

  /** The state that is expected, once it follows upon the prompt and nothing is under way. */
  async function settled(name: string, state: string): Promise<AgentStatus> {
    return waitFor(
      `${name} to be ${state}`,
      async () => {
        const now = await lab.status(name);
        return now.activity.state === state && now;
      },
      60_000,
    );
  }

  describe('troubles of the API', () => {
    test('are said with their reason and their time, and nobody is restarted', async () => {
      const names = TROUBLES.map(([name]) => name);
      await lab.apply(Object.fromEntries(names.map((name) => [name, lab.agent()])));
      for (const name of names) await lab.idle(name);
      const began = Date.now();
      for (const [name, { text }] of TROUBLES) expect((await lab.colony.run(['send', name, text])).code).toBe(0);
      for (const [name, { [kind]: state }] of TROUBLES) await settled(name, state);
      console.log(
        `${kind}: all troubles were said ${Math.round((Date.now() - began) / 1000)} s after the first prompt`,
      );
      expect(await lab.status('no-login')).toMatchObject({ activity: { for: 'login' } });
      const { activity } = await lab.status('limited-until');
      const left = Date.parse(activity.until ?? '') - began;
      expect(left).toBeGreaterThan(3_500_000);
      expect(left).toBeLessThan(3_900_000);
      expect((await lab.status('limited')).activity.until).toBeUndefined();
      await expectTold();
    }, 180_000);
  });

  async function expectTold(): Promise<void> {
    const events = lab.colony.journal();
    const attention = events.filter(
      (entry): entry is Extract<Entry, { type: 'attention' }> => entry.type === 'attention',
    );
    const calm = TROUBLES.filter(([, { [kind]: state }]) => state === 'idle').map(([name]) => name);
    const uneasy = TROUBLES.filter(([, { [kind]: state }]) => state !== 'idle').map(([name]) => name);
    expect([...new Set(attention.map(({ agent }) => agent))].sort()).toEqual([...uneasy].sort());
    expect(events.filter(({ type }) => type === 'exited' || type === 'stopping')).toEqual([]);
    for (const [name] of TROUBLES) expect(await lab.status(name)).toMatchObject({ generation: 1, phase: 'ready' });
    const why = async (name: string) => (await lab.colony.run(['why', name])).stdout;
    expect(await why('no-login')).toMatch(/waiting for login/);
    expect(await why('limited-until')).toMatch(/limited until/);
    for (const name of calm) expect(await why(name)).toMatch(/idle/);
  }
}
