import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { pressUntil } from '../../rig/fake-kinds.ts';
import { waitFor } from '../../rig/wait.ts';
import { type Lab, type LabTest, SLOW } from '../lab.ts';
import { type Kind, WORDS } from './words.ts';

/** What colony promises while a program asks a person: it says so, and types nothing into the dialog. */
export function dialogs(test: LabTest, kind: Kind): void {
  describe('a dialog is open', () => {
    /** A dialog is open; how many milliseconds went by until colony said so. */
    const asked = async (lab: Lab) => {
      const id = await lab.spoken();
      await lab.send(WORDS[kind].command);
      await lab.shows(WORDS[kind].dialog);
      const shown = performance.now();
      await lab.when(
        'waiting for a permission',
        ({ activity }) => activity.state === 'waiting' && activity.for === 'permission',
      );
      return { id, took: performance.now() - shown };
    };

    const answer = (lab: Lab) =>
      pressUntil(
        lab.colony,
        'a',
        WORDS[kind].yes,
        async () => (await lab.colony.agent('a'))?.activity.for !== 'permission',
      );

    test('status says so soon, nothing is typed into it, and answered by hand it goes on', async ({ lab }) => {
      const { id, took } = await asked(lab);
      // Some hundred milliseconds on a machine that is not loaded.
      expect(took).toBeLessThan(10_000);
      const refused = await lab.send('2 please stop');
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(/permission/);
      expect(existsSync(join(lab.colony.work, 'made'))).toBe(false);
      await answer(lab);
      await waitFor('the command to run', () => existsSync(join(lab.colony.work, 'made')), SLOW);
      await lab.idle();
      expect(await lab.prompts(id)).toEqual(['hello', WORDS[kind].command]);
    });

    test('what is to be sent when it is idle waits for the answer', async ({ lab }) => {
      const { id } = await asked(lab);
      const sending = lab.colony.start(['send', 'a', '--when', 'idle', 'and then this']);
      const code = new Promise((resolve) => sending.on('exit', resolve));
      let said = '';
      sending.stderr?.on('data', (piece) => {
        said += piece;
      });
      await waitFor('word that it waits', () => said.includes('waits: '), SLOW);
      expect(existsSync(join(lab.colony.work, 'made'))).toBe(false);
      await answer(lab);
      expect(await code).toBe(0);
      await lab.told(id, 'and then this');
      expect(await lab.prompts(id)).toEqual(['hello', WORDS[kind].command, 'and then this']);
    });
  });

  test.runIf(WORDS[kind].trust)(
    'a folder that is not trusted is asked about, and nothing is typed there',
    async ({ lab }) => {
      writeFileSync(join(lab.home.home, '.gemini', 'trustedFolders.json'), '{}');
      await lab.apply({ a: lab.agent({ prompt: 'hello' }) });
      await lab.when('waiting for trust', ({ activity }) => activity.for === 'trust');
      const refused = await lab.send('2 please stop');
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(/trust/);
      await pressUntil(lab.colony, 'a', 'Enter', async () => (await lab.colony.agent('a'))?.activity.for !== 'trust');
      const id = await lab.conversation();
      await lab.told(id, 'hello');
      // It starts itself anew then, fails at that, and is started again where it was.
      expect(await lab.idle('a', 2)).toMatchObject({ conversation: id });
      expect(await lab.prompts(id)).toEqual(['hello']);
    },
  );
}
