import { describe, expect } from 'vitest';
import { pressKeys } from '../../rig/fake-kinds.ts';
import { waitFor } from '../../rig/wait.ts';
import { type Lab, type LabTest, SLOW } from '../lab.ts';
import { type Kind, WORDS } from './words.ts';

/** What colony promises of conversations: whatever happens to a program, it is in its own afterwards. */
export function conversations(test: LabTest, kind: Kind): void {
  describe('a conversation goes on', () => {
    test('a first prompt is given, the turn is seen busy, then idle', async ({ lab }) => {
      await lab.apply({ a: lab.agent({ prompt: 'SLOW 6' }) });
      // Before that, while it starts, it may well be seen idle.
      await lab.busy();
      const id = await lab.conversation();
      await lab.told(id, 'SLOW 6');
      const { activity, generation } = await lab.idle();
      await lab.written(id, 'word11');
      expect(activity.source).not.toBeNull();
      expect(generation).toBe(1);
      expect(await lab.prompts(id)).toEqual(['SLOW 6']);
    });

    test('killed in mid-answer it is back in the same pane and the same conversation', async ({ lab }) => {
      const id = await lab.spoken();
      const pane = (await lab.colony.tmux('list-panes', '-s', '-t', '=a', '-F', '#{pane_id}')).stdout;
      await lab.atWork(id);
      await lab.kill();
      const after = await lab.idle('a', 2);
      expect(after).toMatchObject({ conversation: id, generation: 2 });
      expect((await lab.colony.tmux('list-panes', '-s', '-t', '=a', '-F', '#{pane_id}')).stdout).toBe(pane);
      // Its title may say so before it has drawn anything.
      await waitFor('what was said', async () => {
        const screen = await lab.screen();
        return screen.includes('stub: you said hello') && screen.includes('SLOW 30');
      });
      expect((await lab.send('and now')).code).toBe(0);
      await lab.told(id, 'and now');
      expect(await lab.prompts(id)).toEqual(['hello', 'SLOW 30', 'and now']);
    });

    test('killed before the first prompt it starts again without an error', async ({ lab }) => {
      await lab.apply({ a: lab.agent() });
      await lab.idle();
      // Gemini CLI writes something by itself, and a little later than it calls itself ready.
      if (kind === 'gemini') await waitFor('its file', async () => (await lab.memory.count()) === 1);
      await lab.kill();
      await lab.idle('a', 2);
      expect((await lab.send('hello')).code).toBe(0);
      const id = await lab.conversation();
      await lab.told(id, 'hello');
      expect((await lab.status()).generation).toBe(2);
    });

    test('the supervisor and the agent are killed together', async ({ lab }) => {
      const id = await lab.spoken();
      await lab.atWork(id);
      const { pid } = await lab.status();
      await lab.colony.killSupervisor();
      process.kill(pid ?? 0, 'SIGKILL');
      expect((await lab.colony.apply('--no-wait')).code).toBe(0);
      expect(await lab.idle('a', 2)).toMatchObject({ conversation: id });
      expect(await lab.prompts(id)).toEqual(['hello', 'SLOW 30']);
      expect(await lab.memory.count()).toBe(1);
    });

    test('two agents in one folder keep their own', async ({ lab }) => {
      await lab.apply({ a: lab.agent({ prompt: 'I am a' }), b: lab.agent({ prompt: 'I am b' }) });
      const [a, b] = [await lab.conversation('a'), await lab.conversation('b')];
      expect(a).not.toBe(b);
      await lab.told(a, 'I am a');
      await lab.told(b, 'I am b');
      await lab.idle('a');
      await lab.idle('b');
      await lab.kill('a');
      await lab.kill('b');
      expect((await lab.idle('a', 2)).conversation).toBe(a);
      expect((await lab.idle('b', 2)).conversation).toBe(b);
      expect([await lab.prompts(a), await lab.prompts(b)]).toEqual([['I am a'], ['I am b']]);
    });

    // The others are not known to show what they take up.
    test.runIf(kind === 'claude' || kind === 'codex')(
      'that a person has taken up again in the pane it is the one that goes on',
      async ({ lab }) => {
        const first = await lab.spoken();
        await lab.send(kind === 'claude' ? '/clear' : '/new');
        await lab.when('in another conversation', ({ conversation: id }) => id !== null && id !== first);
        await lab.send('--when', 'idle', 'hello again');
        await lab.told(await lab.conversation(), 'hello again');
        await lab.idle();
        await takenUp(lab, first, 'stub: you said hello again');
        expect((await lab.when('in the first one', ({ conversation: id }) => id === first)).generation).toBe(1);
        expect(await lab.send('--when', 'idle', 'go on')).toMatchObject({ code: 0, stdout: 'a has taken it\n' });
        await lab.told(first, 'go on');
        await lab.idle();
        await lab.kill();
        expect(await lab.idle('a', 2)).toMatchObject({ conversation: first });
      },
    );

    test('another model: the plan says that the conversation goes on, it waits for the end of the turn, and goes on', async ({
      lab,
    }) => {
      const id = await lab.spoken();
      await lab.atWork(id, 'SLOW 20');
      const changed = { a: lab.agent({ prompt: 'hello' }, '--model', WORDS[kind].model) };
      lab.colony.write(changed);
      const plan = await lab.colony.run(['plan']);
      expect(plan.code).toBe(2);
      expect(plan.stdout).toMatch(/conversation/);
      expect((await lab.colony.apply('--no-wait')).code).toBe(0);
      expect((await lab.status()).generation).toBe(1);
      expect(await lab.idle('a', 2)).toMatchObject({ conversation: id });
      expect(await lab.prompts(id)).toEqual(['hello', 'SLOW 20']);
      await lab.written(id, 'word39');
    });
  });

  /** A person goes on with an earlier conversation, by hand; `gone`: what is on the screen until then. */
  async function takenUp(lab: Lab, id: string, gone: string): Promise<void> {
    await lab.send('--when', 'idle', kind === 'claude' ? `/resume ${id}` : '/resume');
    if (kind === 'codex') {
      await lab.when('asking which of its earlier conversations', ({ activity }) => activity.state === 'waiting');
      expect((await lab.send('not into the list')).code).toBe(1);
      await pressKeys(lab.colony, 'a', 'Down');
      await pressKeys(lab.colony, 'a', 'Enter');
    }
    await waitFor('the earlier one', async () => !(await lab.screen()).includes(gone), SLOW);
  }
}
