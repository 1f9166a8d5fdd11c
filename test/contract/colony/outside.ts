import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { LabTest } from '../lab.ts';
import { type Kind, WORDS } from './words.ts';

/** What colony promises when the API refuses, and of what the user has set up. */
export function outside(test: LabTest, kind: Kind): void {
  describe('what goes wrong outside', () => {
    test.runIf(WORDS[kind].limit)(
      'a usage limit is no failure: it is limited until the reset, and nothing is restarted',
      async ({ lab }) => {
        await lab.apply({ a: lab.agent({ prompt: 'hello', env: lab.program.subscription }) });
        await lab.idle();
        const from = Date.now();
        await lab.send('RATELIMIT 3600');
        const { activity, generation } = await lab.when(
          'limited',
          ({ activity: now }) => now.state === 'limited' && (WORDS[kind].limit === 'alone' || now.until !== undefined),
        );
        expect(generation).toBe(1);
        if (WORDS[kind].limit === 'alone') return;
        const until = Date.parse(activity.until ?? '');
        expect(until).toBeGreaterThan(from + 3_000_000);
        expect(until).toBeLessThan(from + 4_000_000);
      },
    );

    test.for(WORDS[kind].errors)('after %s it is not busy, and nothing is restarted', async (text, { lab }) => {
      const id = await lab.spoken();
      await lab.send(text);
      await lab.told(id, text);
      await lab.when('not busy any more', ({ activity }) => activity.state !== 'busy');
      if (text === 'ERR 401' && WORDS[kind].login)
        await lab.when('waiting for a login', ({ activity }) => activity.for === 'login');
      expect(await lab.status()).toMatchObject({ generation: 1, conversation: id });
    });
  });

  test("the user's own settings are what they were, and their status line still shows", async ({ lab }) => {
    if (kind === 'claude') lab.home.writeClaudeSettings({ statusLine: { type: 'command', command: OWN } });
    const read = (file: string) => readFileSync(join(lab.home.home, file), 'utf8');
    const before = WORDS[kind].own.map(read);
    const was = KEPT.map(read);
    await lab.spoken();
    if (kind === 'claude') await lab.shows('my own line');
    await lab.kill();
    await lab.idle('a', 2);
    expect(WORDS[kind].own.map(read)).toEqual(before);
    // The programs themselves write into these; what the user has written stays, and nothing comes in from colony.
    const now = KEPT.map(read);
    expect(JSON.parse(now[0] ?? '')).toMatchObject(JSON.parse(was[0] ?? '') as object);
    expect(now[1]?.split('\n')).toEqual(expect.arrayContaining(was[1]?.split('\n') ?? []));
    expect(now.join('\n').replaceAll(lab.colony.dir, '')).not.toMatch(/colony/i);
  });
}

/** What the user and the program both write into. */
const KEPT = ['.claude.json', '.codex/config.toml'];

const OWN = 'echo my own line';
