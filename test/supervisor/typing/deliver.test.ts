import { afterEach, describe, expect, test } from 'vitest';
import type { Desk } from '../../../src/supervisor/typing/desk.ts';
import { good } from '../../rig/tmux.ts';
import { waitFor } from '../../rig/wait.ts';
import { Bench } from './bench.ts';

let bench: Bench;
afterEach(() => bench.close());

/** Texts that the dialogs of a kind are known by, and what makes it ask before it makes a file. */
const KINDS = [
  { kind: 'claude', words: ['--permission-mode', 'manual'], ask: 'BASH touch made', dialog: 'Do you want to proceed?' },
  { kind: 'codex', words: [], ask: 'BASH !touch made', dialog: 'Would you like to run the following command?' },
] as const;

describe.each(KINDS)('a dialog of $kind', ({ kind, words, ask, dialog }) => {
  test('gets neither text nor Enter', async () => {
    bench = await Bench.open(kind, ...words);
    expect(await bench.send(ask)).toMatchObject({ outcome: 'delivered' });
    await bench.until(dialog);
    // Nobody has told that it waits: there is no box, and that is enough.
    const sent = await bench.send('2 please stop', {}, { doing: () => undefined });
    expect(sent).toEqual({
      outcome: 'refused',
      text: 'its box for input is not to be seen, so something else has the keyboard',
      passing: 'untouched',
    });
    expect(await bench.screen()).toContain(dialog);
    expect(bench.has('made')).toBe(false);
  });

  test('that opens between the paste and Enter is not answered', async () => {
    bench = await Bench.open(kind, ...words);
    const { desk, tmux, pane } = bench;
    await bench.send('SLOW 3');
    // It is taken up after the turn that runs, and asks.
    if (kind === 'claude') await bench.send(ask);
    else {
      await bench.send(ask, { submit: false });
      good(await tmux.keys(pane, ['Tab']));
      await bench.until('Queued follow-up inputs');
    }
    let opened = 0;
    const sent = await bench.send(
      '2 please stop',
      {},
      {
        doing: () => undefined,
        enterAt: async (cursor) => {
          opened += 1;
          await bench.until(dialog);
          return desk.enterAt(cursor);
        },
      },
    );
    expect(opened).toBe(1);
    expect(sent).toMatchObject({ outcome: 'failed', passing: 'pasted' });
    expect(await bench.screen()).toContain(dialog);
    expect(bench.has('made')).toBe(false);
    good(await tmux.keys(pane, ['Escape']));
  });

  test('gets what is forced upon it', async () => {
    bench = await Bench.open(kind, ...words);
    await bench.send(ask);
    await bench.until(dialog);
    // What has just appeared on the screen does not hear at once.
    await waitFor('the command to run', async () => {
      expect(await bench.send('yes', { force: true })).toMatchObject({ outcome: 'typed' });
      return bench.has('made');
    });
    await bench.idle();
  });

  test('that was told of is not even looked at', async () => {
    bench = await Bench.open(kind, ...words);
    const sent = await bench.send('x', {}, { doing: () => ({ state: 'waiting', for: 'trust', source: 'record' }) });
    expect(sent).toMatchObject({ outcome: 'refused', text: 'it waits for a person (trust)' });
    expect(await bench.send('x', {}, { asks: () => true })).toMatchObject({
      outcome: 'refused',
      text: 'a dialog is open',
    });
    expect(bench.prompts()).toEqual([]);
  });
});

describe('what stands in the box', () => {
  test('is put aside where it comes back by itself', async () => {
    bench = await Bench.open('claude');
    good(await bench.tmux.paste(bench.pane, 'half a thought'));
    await bench.until('half a thought');
    expect(await bench.send('go on')).toMatchObject({ outcome: 'delivered' });
    await bench.until(/❯.half a thought/);
    await waitFor('the prompt to be taken', () => bench.prompts().length > 0);
    expect(bench.prompts()).toEqual(['go on']);
  });

  test('is left alone where it does not', async () => {
    bench = await Bench.open('codex');
    good(await bench.tmux.paste(bench.pane, 'half a thought'));
    await bench.until('half a thought');
    expect(await bench.send('go on')).toEqual({
      outcome: 'refused',
      text: 'somebody has typed 14 characters there and not sent them',
      passing: 'untouched',
    });
    expect(await bench.screen()).toMatch(/› half a thought$/m);
  });

  test('is no draft while it comes and goes', async () => {
    bench = await Bench.open('codex');
    const { desk, tmux, pane } = bench;
    let looks = 0;
    // What was sent before stands there until the program has drawn its box anew.
    const late = async () => {
      looks += 1;
      if (looks === 1) good(await tmux.paste(pane, 'sent before'));
      if (looks === 1) await bench.until('sent before');
      if (looks === 3) good(await tmux.keys(pane, ['C-u']));
      return desk.look();
    };
    expect(await bench.send('go on', {}, { look: late })).toMatchObject({ outcome: 'delivered' });
    await waitFor('the prompt', () => bench.prompts().length > 0);
    expect(bench.prompts()).toEqual(['go on']);
  });

  test('is not touched while somebody types it', async () => {
    bench = await Bench.open('claude');
    const { desk, tmux, pane } = bench;
    let typed = '';
    const typing = async () => {
      good(await tmux.keys(pane, ['x']));
      typed += 'x';
      await bench.until(new RegExp(`❯\\s${typed}$`, 'm'));
      return desk.look();
    };
    expect(await bench.send('go on', {}, { look: typing })).toEqual({
      outcome: 'refused',
      text: 'somebody is typing there',
      passing: 'untouched',
    });
    expect(await bench.screen()).toMatch(/❯\sx+$/m);
  });

  test('is sent if it is what was pasted before', async () => {
    bench = await Bench.open('codex');
    expect(await bench.send('go on', { submit: false })).toMatchObject({ outcome: 'typed' });
    expect(await bench.send('go on', { pasted: true })).toMatchObject({ outcome: 'delivered' });
    await waitFor('the prompt to be taken', () => bench.prompts().length > 0);
    expect(bench.prompts()).toEqual(['go on']);
  });
});

describe.each(['claude', 'codex'] as const)('%s', (kind) => {
  test('does not know every command', async () => {
    bench = await Bench.open(kind);
    const sent = await bench.send('/nonsense');
    expect(sent.outcome).toBe('failed');
    expect(sent.text).toMatch(kind === 'claude' ? 'Unknown command: /nonsense' : "Unrecognized command '/nonsense'");
    expect(await bench.send('and now a text')).toMatchObject({ outcome: 'delivered' });
    await waitFor('the prompt to be taken', () => bench.prompts().length > 0);
    expect(bench.prompts()).toEqual(['and now a text']);
  });

  test('takes a command of its own', async () => {
    bench = await Bench.open(kind);
    expect(await bench.send('hello')).toMatchObject({ outcome: 'delivered' });
    await bench.idle();
    expect(await bench.send('/compact')).toMatchObject({ outcome: 'delivered' });
    await bench.until(/ompacted/);
    await bench.idle();
    expect(await bench.send('/nonsense', { literal: true })).toMatchObject({ outcome: 'delivered' });
  });

  test('keeps what is not to be sent', async () => {
    bench = await Bench.open(kind);
    const sent = await bench.send('not yet', { submit: false });
    expect(sent).toEqual({ outcome: 'typed', text: 'has it in its box for input, without Enter' });
    expect(await bench.screen()).toMatch(/^[❯›]\s*not yet$/m);
    expect(bench.prompts()).toEqual([]);
  });

  test('is typed to while a person scrolls there', async () => {
    bench = await Bench.open(kind);
    await bench.copyMode();
    expect(await bench.send('go on')).toMatchObject({ outcome: 'delivered' });
  });

  test('that does not hear Enter gets it again, and not for ever', async () => {
    bench = await Bench.open(kind);
    let presses = 0;
    const sent = await bench.send('go on\nwith\nthis', {}, { enterAt: async () => Boolean(++presses) });
    expect(sent).toEqual({ outcome: 'failed', text: 'Enter does nothing there; the text was taken out again' });
    expect(presses).toBe(3);
    expect(await bench.screen()).not.toContain('go on');
  });

  test('that has ended is not typed to', async () => {
    bench = await Bench.open(kind);
    await bench.kill();
    expect(await bench.send('x')).toMatchObject({ outcome: 'refused', text: 'its program has ended' });
  });

  test.each([
    ['that draws something is not at work by that alone', 'output'],
    ['that is through, unseen, has taken it', 'title'],
  ] as const)('%s', async (_, source) => {
    bench = await Bench.open(kind);
    const drawing: Partial<Desk> = { doing: () => ({ state: 'busy', source }) };
    expect(await bench.send('go on', {}, drawing)).toEqual({ outcome: 'delivered', text: 'has taken it' });
  });

  test('that is at work takes it up later', async () => {
    bench = await Bench.open(kind);
    await bench.send('SLOW 10');
    const busy: Partial<Desk> = { doing: () => ({ state: 'busy', source: 'title' }), prompted: () => undefined };
    expect(await bench.send('go on', {}, busy)).toEqual({
      outcome: 'delivered',
      text: 'is at work and takes it up when it is through',
    });
  });

  test('that leaves the text and says nothing has got it, as far as anybody can tell', async () => {
    bench = await Bench.open(kind);
    const sent = await bench.send('go on', {}, { doing: () => undefined, prompted: () => undefined });
    expect(sent.outcome).toBe('typed');
  });
});

test('what tmux does not do is said', async () => {
  bench = await Bench.open('codex');
  const { tmux, pane } = bench;
  const gone = await bench.send('x', {}, { look: async () => good(await tmux.look(pane)), paste: broken });
  expect(gone).toEqual({ outcome: 'failed', text: 'no space' });
});

async function broken(): Promise<void> {
  const { Broken } = await import('../../../src/supervisor/typing/desk.ts');
  throw new Broken('no space');
}
